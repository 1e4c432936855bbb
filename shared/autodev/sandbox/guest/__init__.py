"""What runs inside the isolation. Standard library only, and little of it: every import is paid at each start.

`boot` is process 1 of the isolation and trusted; each call runs in a fork of it that holds no channel but its own.
"""
