"""minimal: a ring of dots. Icon and Google's logo are derived from the one picture."""

PAPER = "#FFFFFF"


def draw_mark(canvas, radius):
    canvas.disc(0, 0, radius * 0.3, PAPER)
    for i in range(6):
        with canvas.at(0, 0, 60 * i - 90):
            canvas.disc(radius * 0.72, 0, radius * (0.28 - 0.032 * i), PAPER)


def draw_logo(canvas):
    with canvas.at(25, 25):
        draw_mark(canvas, 23)


PICTURES = {"logo": (draw_logo, 50, 50, (3,), 8)}
