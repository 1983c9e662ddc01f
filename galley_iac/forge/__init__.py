"""What a forge's events mean for previews, and what is said on a pull request. Pure: no network, no clock, no
environment. ``forges`` speaks to the forges, ``ci`` carries out what is decided here.
"""
