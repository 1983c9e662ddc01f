"""The rules of a preview's life: until when it may stay, what is garbage, whether there is room for it.

Pure: imports no pulumi, calls no daemon, reads no clock. The time is an argument everywhere, in seconds since
the epoch; durations are seconds.
"""
