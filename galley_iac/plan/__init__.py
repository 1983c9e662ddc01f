"""Manifest + Preview → Plan: what is to exist, as data. Pure: imports no pulumi, reads no clock, calls
nothing.
"""
