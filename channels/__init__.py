"""The edge: settings, wiring, HTTP, sockets, pages, commands.

Products of small matrices are ten times slower on more than one thread, and numpy asks for the number
when it is first imported: so it is said here, before any module of the product imports it.
"""

import os

for _variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(_variable, "1")
