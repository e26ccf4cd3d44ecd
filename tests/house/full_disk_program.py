"""Run by test_a_full_disk.py with a DATA_DIR on a small disk: fills it, writes, frees it, writes again.

Prints the status of: an upload and a form while it is full, a page, the same upload and form once there is space.
"""

import os
from contextlib import suppress
from pathlib import Path

import django
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.test.utils import setup_test_environment


def main() -> None:
    django.setup()
    setup_test_environment()
    call_command("migrate", verbosity=0)
    client = signed_in()
    ballast = Path(os.environ["DATA_DIR"]) / "ballast"
    fill(ballast)
    said = [send_file(client), send_form(client, most=400), client.get("/w/acme/").status_code]
    ballast.unlink()
    said += [201 if send_file(client) in (302, 303) else 0, send_form(client)]
    print(*said)  # noqa: T201


def signed_in() -> Client:
    users, workspaces, members = (
        apps.get_model("accounts", name).objects for name in ("User", "Workspace", "Membership")
    )
    user = users.create(email="olga@example.org")
    members.create(user=user, workspace=workspaces.create(name="Acme", slug="acme"), role="owner")
    client = Client(raise_request_exception=False)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    client.get("/w/acme/")
    return client


def fill(path: Path) -> None:
    """Until not one byte more fits."""
    with path.open("wb", buffering=0) as file:
        for size in (1 << 20, 1 << 12, 1):
            with suppress(OSError):
                while True:
                    file.write(b"\0" * size)


def send_file(client: Client) -> int:
    rows = "".join(f"{case},{step},2026-01-0{step} 0{step}:00\n" for case in range(4000) for step in (1, 2))
    file = SimpleUploadedFile("log.csv", f"case,activity,time\n{rows}".encode(), "text/csv")
    return client.post("/w/acme/import/", {"file": file}).status_code


def send_form(client: Client, most: int = 1) -> int:
    """The answer to the first that is not taken: some still fit into what the database has to spare."""
    sent = {"name": "Claims", "description": "𝄞" * 10_000}
    status = 0
    for _ in range(most):
        if (status := client.post("/w/acme/processes/new/", sent).status_code) != 302:
            break
    return status


if __name__ == "__main__":
    main()
