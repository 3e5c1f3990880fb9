"""Writers in threads, and the process killed in the middle of their writes. VIRGA_CRASH_ROUNDS sets how often (10; a thorough run takes 200)."""
import concurrent.futures
import os
import random
import threading

import botocore.exceptions
import botocore.parsers

ROUNDS = int(os.environ.get("VIRGA_CRASH_ROUNDS", "10"))
WRITERS = 4
ACCOUNT = "123456789012"
# What a client sees of a call whose server is killed: nothing is known of it then.
LOST = (botocore.exceptions.HTTPClientError, botocore.exceptions.ConnectionError, botocore.parsers.ResponseParserError, ConnectionError)


def whole(answer, member):
    """An answer that was cut off in its head, which botocore takes for an empty one, acknowledges nothing."""
    if member not in answer:
        raise ConnectionError("cut off")
    return answer


def seeded():
    """All chance of a test, by a seed that is printed and may be set."""
    seed = int(os.environ.get("VIRGA_CRASH_SEED", random.randrange(2**32)))
    print(f"VIRGA_CRASH_SEED={seed}")
    return random.Random(seed)


class Stop(threading.Event):
    """Tells the writers to end; each says here when a call of its was acknowledged."""

    def __init__(self):
        super().__init__()
        self.acknowledged = threading.Semaphore(0)


def storm_until_killed(server, chance, storms, most=200):
    """Runs each storm(chance, stop) in a thread of its own, and kills the server after so many acknowledged calls: the others are at work then."""
    stop = Stop()
    with concurrent.futures.ThreadPoolExecutor(len(storms)) as pool:
        running = [pool.submit(storm, random.Random(chance.random()), stop) for storm in storms]
        try:
            for _ in range(chance.randrange(1, most)):
                assert stop.acknowledged.acquire(timeout=60), "nothing is acknowledged any more"
        finally:
            server.kill()
            stop.set()
        for storm in running:
            storm.result()
