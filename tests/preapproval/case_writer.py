"""A server that hands in cases and says the id of each one that is safe; killed as often as told, and started again."""

import os
import random
import signal
import sys
import time
from pathlib import Path

from kept_cases import Hall

from channels.database import open_database


def serve(folder: Path) -> None:
    hall = Hall(open_database(None, folder), folder)
    while True:
        os.write(1, f"{hall.submit(hall.begin('lease')).id}\n".encode())


def live_and_die(folder: Path, seconds: float) -> None:
    child = os.fork()
    if child == 0:
        serve(folder)
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


if __name__ == "__main__":
    chance = random.Random(5)
    for _ in range(int(sys.argv[2])):
        live_and_die(Path(sys.argv[1]), chance.uniform(0.1, 0.8))
