"""Run as a script by the guest's Python. Kept tiny: a script is compiled anew at each start, modules are not."""

import sys

sys.path.append(sys.argv[1])

from autodev.sandbox.guest.init import main

main()
