"""What runs inside the isolation. Standard library only, and little of it: every import is paid at each start.

`boot` is process 1 of the isolation and trusted; calls run in forks of it that hold no channel but their own.
"""
