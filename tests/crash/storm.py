"""Writers in threads, and the process killed in the middle of their writes."""
import concurrent.futures
import random
import threading


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
