"""membership: Crux, a climbing hall. Peaks at sunrise and the way up."""

DEEP, PINE, TEAL, MINT = "#0F3B3F", "#185257", "#2C7D78", "#77B9A4"
SAND, SUN, ORANGE, RUST, SNOW = "#F4E4C4", "#F9BE4A", "#F07F35", "#C9512B", "#FFFBF2"


def draw_peak(canvas, x, ground, height, light, shade, snow):
    """A mountain whose top is at x; its right side lies in the shade."""
    half = height * 0.78
    top = ground - height
    canvas.polygon([(x - half, ground), (x, top), (x + half, ground)], light)
    canvas.polygon([(x, top), (x + half, ground), (x + half * 0.18, ground),
                    (x - half * 0.1, top + height * 0.62), (x + half * 0.12, top + height * 0.34)],
                   shade)
    if snow:
        canvas.polygon([(x, top), (x + half * 0.3, top + height * 0.3),
                        (x + half * 0.12, top + height * 0.24), (x, top + height * 0.36),
                        (x - half * 0.14, top + height * 0.25),
                        (x - half * 0.28, top + height * 0.28)], SNOW)


def draw_way(canvas, points, step):
    """A rope from hold to hold."""
    canvas.context.set_dash([step, step])
    canvas.line(points, SNOW, step * 0.34)
    canvas.context.set_dash([])
    for i, (x, y) in enumerate(points[1:-1]):
        canvas.disc(x, y, step * 0.62, (RUST, SUN, ORANGE)[i % 3])


def draw_flag(canvas, size):
    canvas.line([(0, 0), (0, -size)], SNOW, size * 0.09)
    canvas.polygon([(0, -size), (size * 0.62, -size * 0.78), (0, -size * 0.56)], RUST)


def draw_scene(canvas, width, ground):
    """For a picture `width` long whose foot is at `ground`; made for 1032 x 336."""
    canvas.rect(0, 0, width, ground, SAND)
    for radius, color in ((196, "#F8D98F"), (146, SUN), (98, ORANGE)):
        canvas.disc(642, 190, radius, color)
    for x, height in ((60, 190), (330, 176), (900, 206), (1030, 160)):
        draw_peak(canvas, x, ground, height, MINT, TEAL, False)
    for x, height in ((196, 246), (800, 218)):
        draw_peak(canvas, x, ground, height, TEAL, PINE, True)
    draw_peak(canvas, 516, ground, 290, PINE, DEEP, True)
    with canvas.at(516, ground - 290):
        draw_flag(canvas, 34)
    draw_way(canvas, [(372, ground - 14), (430, ground - 62), (446, ground - 120),
                      (484, ground - 166), (492, ground - 222), (514, ground - 284)], 11)
    for x, height in ((20, 74), (92, 50), (660, 60), (744, 84), (960, 92), (1010, 60)):
        draw_peak(canvas, x, ground, height, DEEP, DEEP, False)


def draw_hero(canvas):
    draw_scene(canvas, 1032, 336)


def draw_thumbnail(canvas):
    with canvas.inside(canvas.disc_path, 45, 45, 45):
        with canvas.at(45, 0, 0, 90 / 336), canvas.at(-530, 0):
            draw_scene(canvas, 1032, 336)


def draw_mark(canvas, size, light, shade, sun):
    canvas.disc(size * 0.2, -size * 0.2, size * 0.24, sun)
    draw_peak(canvas, -size * 0.05, size * 0.38, size * 0.8, light, shade, True)


def draw_icon(canvas):
    canvas.paint(DEEP)
    with canvas.at(19, 18.5):
        draw_mark(canvas, 26, MINT, TEAL, ORANGE)


def draw_logo(canvas):
    canvas.disc(25, 25, 25, SAND)
    with canvas.at(25, 24):
        draw_mark(canvas, 30, TEAL, PINE, ORANGE)


def draw_google_logo(canvas):
    canvas.paint(SAND)
    with canvas.at(330, 330):
        draw_mark(canvas, 400, TEAL, PINE, ORANGE)


PICTURES = {
    "icon": (draw_icon, 38, 38, (1, 2, 3), 48),
    "logo": (draw_logo, 50, 50, (1, 2, 3), 48),
    "thumbnail": (draw_thumbnail, 90, 90, (1, 2, 3), 64),
    "google-logo": (draw_google_logo, 660, 660, (1,), 48),
    "google-hero": (draw_hero, 1032, 336, (1,), 64),
}
