"""minimal: a ring of dots; as few files as both wallets need."""

INK, PAPER = "#1D4ED8", "#FFFFFF"


def draw_mark(canvas, radius):
    canvas.disc(0, 0, radius * 0.3, PAPER)
    for i in range(6):
        with canvas.at(0, 0, 60 * i - 90):
            canvas.disc(radius * 0.72, 0, radius * (0.28 - 0.032 * i), PAPER)


def draw_icon(canvas):
    canvas.paint(INK)
    with canvas.at(19, 19):
        draw_mark(canvas, 14)


def draw_logo(canvas):
    with canvas.at(25, 25):
        draw_mark(canvas, 23)


def draw_google_logo(canvas):
    canvas.paint(INK)
    with canvas.at(330, 330):
        draw_mark(canvas, 220)


PICTURES = {
    "icon": (draw_icon, 38, 38, (3,), 8),
    "logo": (draw_logo, 50, 50, (3,), 8),
    "google-logo": (draw_google_logo, 660, 660, (1,), 8),
}
