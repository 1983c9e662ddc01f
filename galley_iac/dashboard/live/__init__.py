"""The dashboard's data from what is really there: the Docker engine, Pulumi's local state, and the process
table.
"""
