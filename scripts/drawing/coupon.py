"""coupon: Fern & Petal, a flower shop. A flower bed with room for the offer on its left."""

BLUSH, ROSE, CORAL, POPPY = "#FFDCD9", "#F7A6AE", "#F2674E", "#C9283F"
WINE, MARIGOLD, CREAM, FERN, MOSS, DEEP = (
    "#5E1232", "#F6A723", "#FFF6EC", "#3E7C58", "#86AE72", "#1F4D3C"
)


def draw_daisy(canvas, radius, petal, heart):
    canvas.petals(10, radius, radius * 0.52, petal, 9)
    canvas.disc(0, 0, radius * 0.32, heart)


def draw_poppy(canvas, radius, petal, heart):
    for turn in (45, 135, 225, 315):
        with canvas.at(0, 0, turn):
            canvas.disc(radius * 0.46, 0, radius * 0.54, petal)
    canvas.disc(0, 0, radius * 0.3, heart)
    for i in range(8):
        with canvas.at(0, 0, 45 * i):
            canvas.disc(radius * 0.44, 0, radius * 0.055, heart)


def draw_dahlia(canvas, radius, petal, inner, heart):
    canvas.petals(14, radius, radius * 0.42, petal)
    canvas.petals(14, radius * 0.7, radius * 0.32, inner, 180 / 14)
    canvas.disc(0, 0, radius * 0.26, heart)


def draw_tulip(canvas, radius, petal, inner):
    """Three petals around the origin."""
    for turn, color in ((-90, inner), (-118, petal), (-62, petal)):
        with canvas.at(0, radius * 0.8, turn):
            canvas.leaf(radius * 1.75, radius * 1.0, color)


def draw_bud(canvas, radius, petal, heart):
    canvas.disc(0, 0, radius, petal)
    canvas.disc(0, 0, radius * 0.62, heart)
    canvas.disc(0, 0, radius * 0.28, petal)


def draw_stem(canvas, height, color, leaves, leaf_color):
    """From the origin upwards, with pairs of leaves."""
    canvas.line([(0, 0), (0, -height)], color, 2.6)
    for i in range(leaves):
        y = -height * (0.16 + 0.24 * i)
        for turn in (-38, -142):
            with canvas.at(0, y, turn):
                canvas.leaf(24 - 3 * i, 11, leaf_color)


def draw_fern(canvas, height, color):
    canvas.line([(0, 0), (0, -height)], color, 2)
    steps = int(height / 9)
    for i in range(1, steps):
        reach = 20 * (1 - i / steps) + 5
        for turn in (-35, -145):
            with canvas.at(0, -height * i / steps, turn):
                canvas.leaf(reach, 6.5, color)
    with canvas.at(0, -height, -90):
        canvas.leaf(9, 5, color)


# x, height of the stem, and what grows there, from back to front.
FERNS = [(176, 46, MOSS), (206, 74, MOSS), (246, 96, MOSS), (300, 116, MOSS), (352, 104, MOSS),
         (274, 60, FERN), (330, 64, FERN)]
BED = [
    (190, 40, draw_bud, (8, MARIGOLD, CREAM)),
    (222, 66, draw_daisy, (18, CREAM, MARIGOLD)),
    (262, 98, draw_dahlia, (26, CORAL, ROSE, MARIGOLD)),
    (316, 112, draw_poppy, (21, POPPY, WINE)),
    (362, 90, draw_daisy, (23, CREAM, MARIGOLD)),
    (242, 42, draw_tulip, (15, POPPY, CORAL)),
    (298, 62, draw_daisy, (17, MARIGOLD, WINE)),
    (338, 50, draw_tulip, (17, ROSE, CREAM)),
    (374, 36, draw_dahlia, (20, POPPY, CORAL, MARIGOLD)),
    (210, 24, draw_poppy, (11, ROSE, WINE)),
    (274, 24, draw_poppy, (14, CORAL, WINE)),
    (312, 22, draw_bud, (11, CREAM, POPPY)),
]


def draw_bed(canvas, ground):
    for x, height, color in FERNS:
        with canvas.at(x, ground):
            draw_fern(canvas, height, color)
    for x, height, draw, arguments in BED:
        with canvas.at(x, ground):
            draw_stem(canvas, height, DEEP, 3 if height > 80 else 2 if height > 40 else 1, FERN)
            with canvas.at(0, -height):
                draw(canvas, *arguments)


def draw_strip(canvas):
    canvas.paint(BLUSH)
    draw_bed(canvas, 146)


def draw_hero(canvas):
    canvas.paint(BLUSH)
    zoom = 2.25
    # The bed and its mirror image meet in the middle.
    with canvas.at(516, 0, 0, zoom):
        with canvas.at(-396, 0):
            draw_bed(canvas, 147)
    canvas.context.save()
    canvas.context.translate(516, 0)
    canvas.context.scale(-zoom, zoom)
    canvas.context.translate(-396, 0)
    draw_bed(canvas, 147)
    canvas.context.restore()
    with canvas.at(516, 340, 0, zoom):
        draw_fern(canvas, 78, FERN)
        draw_stem(canvas, 40, DEEP, 2, MOSS)
        with canvas.at(0, -52):
            draw_tulip(canvas, 17, CORAL, MARIGOLD)


def draw_mark(canvas, radius, petal, inner, heart, leaf):
    for turn in (30, 150):
        with canvas.at(0, 0, turn):
            canvas.leaf(radius * 1.25, radius * 0.6, leaf)
    with canvas.at(0, -radius * 0.12):
        draw_dahlia(canvas, radius, petal, inner, heart)


def draw_icon(canvas):
    canvas.paint(WINE)
    with canvas.at(19, 19):
        draw_mark(canvas, 14, CORAL, ROSE, MARIGOLD, MOSS)


def draw_logo(canvas):
    canvas.disc(25, 25, 25, WINE)
    with canvas.at(25, 25):
        draw_mark(canvas, 17, CORAL, ROSE, MARIGOLD, MOSS)


def draw_google_logo(canvas):
    canvas.paint(WINE)
    with canvas.at(330, 335):
        draw_mark(canvas, 190, CORAL, ROSE, MARIGOLD, MOSS)


PICTURES = {
    "icon": (draw_icon, 38, 38, (1, 2, 3), 48),
    "logo": (draw_logo, 50, 50, (1, 2, 3), 48),
    "strip": (draw_strip, 375, 144, (1, 2, 3), 64),
    "google-logo": (draw_google_logo, 660, 660, (1,), 48),
    "google-hero": (draw_hero, 1032, 336, (1,), 64),
}
