"""Services of a few lines in the serving patterns precompute and on demand, as the generated ones answer."""

from tests.pipelines.made_versions import ANSWERING

AHEAD = (
    b"""
import csv, datetime, http.server, json, os, pathlib, sys, urllib.parse

WORK = pathlib.Path(os.environ["MODEL_WORK"])
TABLE = WORK / "table.json"
NOW = datetime.datetime.now(datetime.timezone.utc).isoformat()
CHANCE = json.loads((pathlib.Path(os.environ["MODEL_PACKAGE"]) / "manifest.json").read_text())["chance"]

if sys.argv[1] == "precompute":
    if (WORK / "torn").exists():
        sys.exit("the cases cannot be read")
    with open(os.environ["MODEL_OPEN_CASES"]) as stream:
        cases = [row["row_id"] for row in csv.DictReader(stream)]
    answer = {"prediction": "yes", "probability": CHANCE, "decided_by": "model"}
    found = [{"row_id": case, "batch_id": "b1", "predicted_at": NOW, "answer": answer} for case in sorted(cases)]
    batch = {"batch_id": "b1", "model_version": "0123456789ab", "source": "training.csv", "made_up": False,
             "rows": len(cases), "rejected": 1, "finished_at": NOW, "confirmed_at": NOW}
    WORK.mkdir(exist_ok=True)
    TABLE.with_suffix(".new").write_text(json.dumps({"batch": batch, "found": found}))
    TABLE.with_suffix(".new").replace(TABLE)
    with open(WORK / "runs", "a") as runs:
        runs.write("x")
    sys.exit(4)


class Service(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        table = json.loads(TABLE.read_text())
        asked = urllib.parse.urlsplit(self.path)
        if asked.path == "/health":
            stale = (WORK / "runs").read_text() == "x"
            return self.answer(200, {"status": "stale" if stale else "ok", "stale": stale, "age_hours": 31.0,
                                     "stale_after_hours": 30.0, "newest_batch": table["batch"]})
        if asked.path == "/predictions":
            values = dict(urllib.parse.parse_qsl(asked.query))
            rows = [one for one in table["found"] if one["row_id"] > values.get("after", "")]
            shown = rows[:int(values["limit"])]
            more = len(rows) > len(shown)
            return self.answer(200, {"predictions": shown, "next_after": shown[-1]["row_id"] if more else None})
        case = urllib.parse.unquote(asked.path.removeprefix("/predictions/"))
        found = [one for one in table["found"] if one["row_id"] == case]
        self.answer(200, found[0] | {"current": True}) if found else self.answer(404, {"detail": "no such"})
"""
    + ANSWERING
)
QUEUED = (
    b"""
import http.server, json, os, socket, sys, time, urllib.parse

BROKER = urllib.parse.urlsplit(os.environ["MODEL_BROKER_URL"])

if sys.argv[1] == "process":
    time.sleep(600)


def say(*words):
    with socket.create_connection((BROKER.hostname, BROKER.port), 2) as line, line.makefile("rb") as heard:
        line.sendall(b"".join(word.encode() + b"\\r\\n" for word in (f"AUTH {BROKER.password}", *words)))
        heard.readline()
        return heard.readline().decode().strip()


class Service(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        length = int(say("XLEN requests").removeprefix(":"))
        self.answer(200, {"status": "ok", "waiting": length, "pending": 2, "dead": 3,
                          "oldest_s": 75 if length else None, "models": {"0123456789ab": 1, "ba9876543210": 1}})

    def do_POST(self):
        rows = json.loads(self.rfile.read(int(self.headers["content-length"])))["instances"]
        say("XADD requests * body x")
        self.answer(200, {"predictions": [{"prediction": "yes", "probability": 0.5} for _ in rows]})
"""
    + ANSWERING
)
