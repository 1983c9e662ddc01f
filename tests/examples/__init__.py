"""Tests of the example applications' own code and files. No Docker, and none of their libraries."""
