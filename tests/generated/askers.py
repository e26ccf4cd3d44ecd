"""A program: many askers of one prediction service, each with a connection of its own, one question after the other.

`python askers.py PORT ROWS REQUESTS ASKERS`: writes one JSON line an answer, [which row was asked, status, body].
"""

import json
import sys
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

PATIENCE_SECONDS = 600.0
Told = list[tuple[int, int, Any]]


def asker(port: int, rows: list[dict[str, Any]], numbers: range) -> Told:
    """Question number n is about row n, counted around."""
    connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
    told = []
    for place in (number % len(rows) for number in numbers):
        body = json.dumps({"instances": [rows[place]]})
        connection.request("POST", "/predict", body, {"content-type": "application/json"})
        answer = connection.getresponse()
        told.append((place, answer.status, json.load(answer)))
    return told


def main(port: int, rows: list[dict[str, Any]], requests: int, askers: int) -> None:
    with ThreadPoolExecutor(askers) as threads:
        under_way = [threads.submit(asker, port, rows, range(place, requests, askers)) for place in range(askers)]
    for future in under_way:
        for told in future.result():
            sys.stdout.write(json.dumps(told) + "\n")


if __name__ == "__main__":
    main(int(sys.argv[1]), json.loads(Path(sys.argv[2]).read_text()), int(sys.argv[3]), int(sys.argv[4]))
