"""stamps: Rye & Honey, a bakery. Loaves on a chequered napkin.

Google's banner is derived from the strip, so that it shows the stamps too.
"""

CREAM, NAPKIN, CHECK, WEAVE = "#FFF5E4", "#FBE0B5", "#F3C07C", "#F7D097"
CRUST, OVEN, RYE, HONEY, FLOUR = "#C0602B", "#8F3F1D", "#5A2A14", "#EFA93B", "#FFF1D6"


def draw_napkin(canvas, period, check):
    """Gingham over the whole canvas: `check` points of each `period` are darker."""
    canvas.paint(NAPKIN)
    columns = [period * i for i in range(int(canvas.width / period) + 1)]
    rows = [period * i for i in range(int(canvas.height / period) + 1)]
    for x in columns:
        canvas.rect(x, 0, check, canvas.height, WEAVE)
    for y in rows:
        canvas.rect(0, y, canvas.width, check, WEAVE)
    for x in columns:
        for y in rows:
            canvas.rect(x, y, check, check, CHECK)


def draw_loaf(canvas, size, crust, score):
    """A round loaf with three cuts, around the origin."""
    with canvas.at(0, 0, -25, size / 100):
        canvas.oval(0, 0, 50, 42, crust)
        with canvas.inside(canvas.oval_path, 0, 0, 50, 42):
            for x in (-25, 0, 25):
                with canvas.at(x - 5, 27 - abs(x) * 0.16, -80):
                    canvas.leaf(54 - abs(x) * 0.32, 19, score)


def draw_seal(canvas, radius, rim, face):
    """A disc with a scalloped rim around the origin."""
    for i in range(16):
        with canvas.at(0, 0, 22.5 * i):
            canvas.disc(radius * 0.86, 0, radius * 0.17, rim)
    canvas.disc(0, 0, radius * 0.88, rim)
    canvas.disc(0, 0, radius * 0.76, face)


def draw_filled(canvas):
    with canvas.at(78.5, 78.5, 0, 1.57):
        draw_seal(canvas, 48, OVEN, FLOUR)
        draw_loaf(canvas, 58, CRUST, HONEY)


def draw_empty(canvas):
    with canvas.at(78.5, 78.5, 0, 1.57):
        canvas.disc(0, 0, 44, CREAM)
        canvas.context.set_dash([8.6, 8.68])
        canvas.ring(0, 0, 44, 4, CRUST)
        canvas.context.set_dash([])
        draw_loaf(canvas, 50, NAPKIN, CREAM)


def draw_strip(canvas):
    # The server draws ten stamps on it, 65 points apart. Checks that repeat with them and lie on
    # whole pixels at @3x leave it so few colours that its PNG has a palette.
    draw_napkin(canvas, 65 / 3, 11)


def draw_icon(canvas):
    canvas.paint(OVEN)
    with canvas.at(19, 19):
        draw_loaf(canvas, 30, HONEY, FLOUR)


def draw_logo(canvas):
    with canvas.at(25, 25):
        draw_seal(canvas, 24, OVEN, OVEN)
        draw_loaf(canvas, 32, HONEY, FLOUR)


def draw_google_logo(canvas):
    canvas.paint(OVEN)
    with canvas.at(330, 330):
        draw_loaf(canvas, 400, HONEY, FLOUR)


PICTURES = {
    "icon": (draw_icon, 38, 38, (1, 2, 3), 32),
    "logo": (draw_logo, 50, 50, (1, 2, 3), 32),
    "strip": (draw_strip, 375, 144, (1, 2, 3), 16),
    "stamp-on": (draw_filled, 157, 157, (1,), 32),
    "stamp-off": (draw_empty, 157, 157, (1,), 32),
    "google-logo": (draw_google_logo, 660, 660, (1,), 32),
}
