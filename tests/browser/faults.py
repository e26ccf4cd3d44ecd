"""What a browser complains of while pages are open: errors in the console, in scripts, and of the content policy."""

from playwright.sync_api import ConsoleMessage, Page

# Reported as an error whatever the mode of the policy; the text names the directive and the element it concerns.
POLICY = """document.addEventListener("securitypolicyviolation", (event) => {
  const at = event.target && event.target.outerHTML ? event.target.outerHTML.slice(0, 160) : "the document";
  console.error(`Content-Security-Policy: ${event.violatedDirective} refused ${event.blockedURI} at ${at}`);
});"""


ABORTED = ("htmx:sendAbort", "htmx:afterRequest")
"""What htmx writes when a question is given up because its answer is no longer wanted: a palette that was closed."""


def watch(page: Page, faults: list[str]) -> None:
    """Put every complaint of this page into `faults`; nothing may stand in it at the end of a test."""

    def note(message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(ABORTED):
            faults.append(f"{message.text} ({message.location.get('url', '')})")

    page.add_init_script(POLICY)
    page.on("console", note)
    page.on("pageerror", lambda error: faults.append(str(error)))
