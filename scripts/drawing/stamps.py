"""stamps: Rye & Honey, a bakery. Loaves on a chequered napkin."""

CREAM, NAPKIN, CHECK, WEAVE = "#FFF5E4", "#FBE0B5", "#F3C07C", "#F7D097"
CRUST, OVEN, RYE, HONEY, FLOUR = "#C0602B", "#8F3F1D", "#5A2A14", "#EFA93B", "#FFF1D6"


def draw_napkin(canvas, check):
    """Gingham over the whole canvas, mirrored about its middle."""
    canvas.paint(NAPKIN)
    left = canvas.width / 2 % (2 * check) - 2.5 * check
    top = canvas.height / 2 % (2 * check) - 2.5 * check
    columns, rows = int(canvas.width / check) // 2 + 3, int(canvas.height / check) // 2 + 3
    for column in range(columns):
        canvas.rect(left + 2 * column * check, 0, check, canvas.height, WEAVE)
    for row in range(rows):
        canvas.rect(0, top + 2 * row * check, canvas.width, check, WEAVE)
    for column in range(columns):
        for row in range(rows):
            canvas.rect(left + 2 * column * check, top + 2 * row * check, check, check, CHECK)


def draw_loaf(canvas, size, crust, score):
    """A round loaf with three cuts, around the origin."""
    with canvas.at(0, 0, -25, size / 100):
        canvas.oval(0, 0, 50, 42, crust)
        with canvas.inside(canvas.oval_path, 0, 0, 50, 42):
            for x in (-25, 0, 25):
                with canvas.at(x - 5, 27 - abs(x) * 0.16, -80):
                    canvas.leaf(54 - abs(x) * 0.32, 19, score)


def draw_ear(canvas, length, color):
    """An ear of rye from the origin upwards."""
    canvas.line([(0, 0), (0, -length * 0.9)], color, length * 0.035)
    for step in range(4):
        y = -length * (0.34 + 0.15 * step)
        for turn in (-62, -118):
            with canvas.at(0, y, turn):
                canvas.leaf(length * 0.25, length * 0.15, color)
    with canvas.at(0, -length * 0.86, -90):
        canvas.leaf(length * 0.25, length * 0.15, color)


def draw_seal(canvas, radius, rim, face):
    """A disc with a scalloped rim around the origin."""
    for i in range(16):
        with canvas.at(0, 0, 22.5 * i):
            canvas.disc(radius * 0.86, 0, radius * 0.17, rim)
    canvas.disc(0, 0, radius * 0.88, rim)
    canvas.disc(0, 0, radius * 0.76, face)


def draw_filled(canvas):
    with canvas.at(100, 100, 0, 2):
        draw_seal(canvas, 48, OVEN, FLOUR)
        draw_loaf(canvas, 58, CRUST, HONEY)


def draw_empty(canvas):
    with canvas.at(100, 100, 0, 2):
        canvas.disc(0, 0, 44, CREAM)
        canvas.context.set_dash([8.6, 8.68])
        canvas.ring(0, 0, 44, 4, CRUST)
        canvas.context.set_dash([])
        draw_loaf(canvas, 50, NAPKIN, CREAM)


def draw_strip(canvas):
    draw_napkin(canvas, 12)


def draw_hero(canvas):
    draw_napkin(canvas, 24)
    for i in range(5):
        with canvas.at(516 + (i - 2) * 196, 168):
            draw_seal(canvas, 84, OVEN, FLOUR)
            if i % 2 == 0:
                draw_loaf(canvas, 102, CRUST, HONEY)
            else:
                for turn in (-28, 0, 28):
                    with canvas.at(0, 48, turn):
                        draw_ear(canvas, 92, HONEY if turn else CRUST)


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
    "stamp-on": (draw_filled, 200, 200, (1,), 64),
    "stamp-off": (draw_empty, 200, 200, (1,), 64),
    "google-logo": (draw_google_logo, 660, 660, (1,), 32),
    "google-hero": (draw_hero, 1032, 336, (1,), 32),
}
