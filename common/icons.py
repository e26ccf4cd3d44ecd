"""The signs of the product, drawn by us on a grid of 16: a state is a sign, a word and a colour, in that order."""

from typing import Final

STROKE: Final = 'fill="none" stroke="currentColor" stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round"'
RING: Final = 'cx="8" cy="8" r="6" fill="none" stroke="currentColor" stroke-width="1.5"'

ICONS: Final[dict[str, str]] = {
    "add": f'<path d="M8 3v10M3 8h10" {STROKE}/>',
    "arrow": f'<path d="M3 8h9.6M8.8 4.2L12.6 8l-3.8 3.8" {STROKE}/>',
    "back": f'<path d="M10 3.5L5.5 8l4.5 4.5" {STROKE}/>',
    "book": f'<path d="M3 3.2h6.5A2.5 2.5 0 0112 5.7v7.1H5.2A2.2 2.2 0 013 10.6zM5.5 6h4M5.5 8.6h4" {STROKE}/>',
    "check": f'<path d="M3.2 8.6l3.2 3.2 6.4-7" {STROKE}/>',
    "close": f'<path d="M4 4l8 8M12 4l-8 8" {STROKE}/>',
    "comment": f'<path d="M2.5 3.5h11v7h-6l-3 2.6v-2.6h-2z" {STROKE}/>',
    "copy": f'<path d="M5.5 5.5h7v7h-7zM3.5 10.2v-6.7h6.7" {STROKE}/>',
    "dash": f'<path d="M3.5 8h9" {STROKE}/>',
    "delete": f'<path d="M3 4.5h10M6.3 4.3V2.8h3.4v1.5M4.4 4.7l.6 8.5h6l.6-8.5" {STROKE}/>',
    "done": '<circle cx="8" cy="8" r="6.5" fill="currentColor"/>'
    '<path d="M5 8.2l2.1 2.1L11 6.2" fill="none" class="i-cut"/>',
    "down": f'<path d="M3.5 6L8 10.5 12.5 6" {STROKE}/>',
    "download": f'<path d="M8 2.5v7.3M4.8 6.8L8 10l3.2-3.2M3 13h10" {STROKE}/>',
    "edit": f'<path d="M3 13l.6-2.8 7-7 2.2 2.2-7 7zM9.2 4.6l2.2 2.2" {STROKE}/>',
    "file": f'<path d="M4 2.5h5L12 5.5v8H4zM9 2.5v3h3" {STROKE}/>',
    "folder": f'<path d="M2.2 4h4.2l1.3 1.6h6.1v7H2.2z" {STROKE}/>',
    "forward": f'<path d="M6 3.5L10.5 8 6 12.5" {STROKE}/>',
    "graph": f'<path d="M5 2.2h6v3.2H5zM1.6 10.6h5v3.2h-5zM9.4 10.6h5v3.2h-5z" {STROKE}/>'
    f'<path d="M8 5.6v2.6M4.1 10.4V8.2h7.8v2.2" {STROKE}/>',
    "help": '<circle cx="8" cy="8" r="6.3" fill="none" stroke="currentColor" stroke-width="1.4"/>'
    '<path d="M6.2 6.4a1.9 1.9 0 113 1.5c-.8.5-1.2.8-1.2 1.6" fill="none" stroke="currentColor" stroke-width="1.4" '
    'stroke-linecap="round"/><circle cx="8" cy="11.6" r=".9" fill="currentColor"/>',
    "home": f'<path d="M2.5 7.6L8 3l5.5 4.6M4.2 6.6v6.6h7.6V6.6" {STROKE}/>',
    "info": f'<circle {RING}/><path d="M8 7.4v3.4" {STROKE}/><circle cx="8" cy="5" r=".95" fill="currentColor"/>',
    "key": f'<circle cx="5.2" cy="10.8" r="2.6" {STROKE}/><path d="M7.2 8.8l5.4-5.4M10.6 5.4l1.8 1.8" {STROKE}/>',
    "live": '<circle cx="8" cy="8" r="3.2" fill="currentColor"/>'
    '<circle cx="8" cy="8" r="6.2" fill="none" stroke="currentColor" stroke-width="1.4"/>',
    "lock": f'<path d="M4 7.3h8v6H4zM5.8 7.2V5.3a2.2 2.2 0 014.4 0v1.9" {STROKE}/>',
    "open": f'<circle {RING} stroke-dasharray="2.4 2"/>',
    "part": f'<circle {RING}/><path d="M8 4.2a3.8 3.8 0 010 7.6z" fill="currentColor"/>',
    "people": f'<circle cx="5.8" cy="5.4" r="2.3" {STROKE}/><path d="M1.8 13c.3-2.6 1.8-3.9 4-3.9s3.7 1.3 4 3.9'
    f'M10.6 3.5a2.1 2.1 0 010 4M11.6 9.4c1.6.4 2.5 1.6 2.7 3.4" {STROKE}/>',
    "person": f'<circle cx="8" cy="5.4" r="2.6" {STROKE}/>'
    f'<path d="M3 13.4c.4-2.9 2.2-4.3 5-4.3s4.6 1.4 5 4.3" {STROKE}/>',
    "pipeline": f'<path d="M2.5 5.5h3v5h-3zM10.5 5.5h3v5h-3zM5.8 8h4.4" {STROKE}/>',
    "play": '<path d="M5 3.4v9.2l7.4-4.6z" fill="currentColor"/>',
    "question": f'<path d="M6.2 6.4a1.9 1.9 0 113 1.5c-.8.5-1.2.8-1.2 1.6" {STROKE}/>'
    '<circle cx="8" cy="12" r="1" fill="currentColor"/>',
    "retry": f'<path d="M12.8 8A4.8 4.8 0 118 3.2c1.7 0 3 .7 4 2M12.4 2.6v2.8H9.6" {STROKE}/>',
    "rule": f'<path d="M2.5 4h5m-5 4h5m-5 4h5m3-8l1.4 1.4L14.4 3m-3.9 5l1.4 1.4L14.4 7" {STROKE}/>',
    "run": f'<circle {RING} stroke-dasharray="26 12"/>',
    "same": f'<path d="M3.5 6h9m-9 4h9" {STROKE}/>',
    "search": f'<circle cx="7" cy="7" r="4.4" {STROKE}/><path d="M10.4 10.4L14 14" {STROKE}/>',
    "settings": f'<path d="M2.5 4.6h5m4 0h2M2.5 11.4h2m4 0h5" {STROKE}/><circle cx="9.5" cy="4.6" r="1.9" {STROKE}/>'
    f'<circle cx="6.5" cy="11.4" r="1.9" {STROKE}/>',
    "sign-out": f'<path d="M7 2.8H3.2v10.4H7M6.5 8h7M10.8 5.2L13.6 8l-2.8 2.8" {STROKE}/>',
    "stop": f'<circle {RING}/><path d="M5.7 5.7l4.6 4.6M10.3 5.7l-4.6 4.6" {STROKE}/>',
    "table": f'<path d="M2.5 3.5h11v9h-11zM2.5 6.7h11M6.4 6.7v5.8" {STROKE}/>',
    "theme": '<circle cx="8" cy="8" r="6" fill="none" stroke="currentColor" stroke-width="1.5"/>'
    '<path d="M8 2a6 6 0 010 12z" fill="currentColor"/>',
    "upload": f'<path d="M8 10V2.7M4.8 5.7L8 2.5l3.2 3.2M3 13h10" {STROKE}/>',
    "wait": f'<circle {RING}/><path d="M6.4 5.6v4.8m3.2-4.8v4.8" {STROKE}/>',
    "warn": f'<path d="M8 2.2l6.2 11H1.8z" {STROKE}/>'
    f'<path d="M8 6.4v3.2" {STROKE}/><circle cx="8" cy="11.4" r=".9" fill="currentColor"/>',
}
ICONS["bad"] = ICONS["stop"]
ICONS["ok"] = ICONS["check"]


def icon_svg(name: str, size: int = 16, css: str = "", label: str = "") -> str:
    """The sign as inline SVG, hidden from screen readers unless it has a label. KeyError when there is no such sign.

    `css` and `label` are put in as they are: callers escape what comes from people.
    """
    spoken = f'role="img" aria-label="{label}"' if label else 'aria-hidden="true"'
    named = f' class="{css}"' if css else ""
    return f'<svg{named} width="{size}" height="{size}" viewBox="0 0 16 16" {spoken}>{ICONS[name]}</svg>'
