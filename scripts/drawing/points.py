"""points: Bean & Leaf, a coffee roaster. Tiles like those on a cafe's floor."""

ESPRESSO, ROAST, CLAY, CARAMEL = "#3B2318", "#5B3626", "#B5522F", "#D0924A"
CREMA, CREAM, FOREST, LEAF = "#E7C9A9", "#F7EAD6", "#2E4A3B", "#7E9B63"

TILE = 48


def bean(canvas, size, color, slit):
    """A coffee bean of length `size` around the origin, lying on its side."""
    canvas.oval(0, 0, size / 2, size * 0.36, color)
    canvas.curve(
        (-size * 0.5, 0), (-size * 0.2, -size * 0.2), (size * 0.2, size * 0.2), (size * 0.5, 0),
        slit, size * 0.085,
    )


def draw_bean(canvas, front, back):
    with canvas.at(24, 24, -45):
        bean(canvas, 44, front, back)


def draw_leaf(canvas, front, back):
    with canvas.at(3, 45, -45):
        canvas.leaf(59.4, 42, front)
        canvas.line([(0, 0), (47, 0)], back, 2)
        for reach in (16, 27, 37):
            for side in (-1, 1):
                canvas.line([(reach - 7, 0), (reach + 2, side * 8)], back, 2)


def draw_quarters(canvas, front, back):
    for radius, color in ((48, front), (36, back), (24, front), (12, back)):
        canvas.wedge(0, 48, radius, 270, 360, color)


def draw_cup(canvas, front, _back):
    canvas.ring(37, 24, 6.5, 3.5, front)
    canvas.wedge(22, 17, 16, 0, 180, front)
    canvas.rect(6, 15, 32, 3.5, front)
    canvas.line([(8, 39), (36, 39)], front, 3)


def draw_flower(canvas, front, back):
    with canvas.at(24, 24):
        canvas.petals(4, 30, 24, front, 45)
        canvas.disc(0, 0, 5, back)


def draw_halves(canvas, front, back):
    canvas.wedge(24, 24, 24, 180, 360, front)
    canvas.wedge(24, 48, 24, 180, 360, front)
    canvas.wedge(24, 48, 11, 180, 360, back)
    canvas.wedge(24, 24, 11, 180, 360, back)


def draw_sun(canvas, front, back):
    canvas.disc(24, 24, 17, front)
    canvas.disc(24, 24, 7, back)


# Three rows of tiles: what, quarter turns, front and back. Read it as it is seen.
FLOOR = [
    [
        (draw_leaf, 0, LEAF, FOREST), (draw_quarters, 1, CARAMEL, ESPRESSO),
        (draw_bean, 0, CREAM, CLAY), (draw_halves, 0, CREMA, ROAST),
        (draw_flower, 0, CREAM, FOREST), (draw_bean, 1, ROAST, CARAMEL),
        (draw_quarters, 0, CLAY, CREAM), (draw_leaf, 1, FOREST, LEAF),
        (draw_cup, 0, CREAM, ROAST), (draw_bean, 0, ESPRESSO, CREMA),
    ],
    [
        (draw_bean, 1, ESPRESSO, CREMA), (draw_sun, 0, CREAM, CLAY),
        (draw_leaf, 1, FOREST, LEAF), (draw_cup, 0, CREAM, FOREST),
        (draw_quarters, 2, CARAMEL, CREAM), (draw_leaf, 0, LEAF, ROAST),
        (draw_sun, 0, CARAMEL, ESPRESSO), (draw_bean, 0, CREAM, CLAY),
        (draw_quarters, 3, CREMA, FOREST), (draw_leaf, 1, LEAF, ROAST),
    ],
    [
        (draw_halves, 0, CARAMEL, FOREST), (draw_leaf, 1, CREMA, ROAST),
        (draw_quarters, 3, CLAY, CREAM), (draw_bean, 1, ROAST, CARAMEL),
        (draw_leaf, 0, FOREST, CREMA), (draw_quarters, 1, CREAM, CLAY),
        (draw_flower, 0, CREMA, FOREST), (draw_halves, 0, CREMA, ROAST),
        (draw_bean, 1, CREAM, CLAY), (draw_sun, 0, CARAMEL, FOREST),
    ],
]


def draw_floor(canvas, tile):
    """Tiles of `tile` points over the whole canvas, cut evenly at both sides."""
    columns = len(FLOOR[0])
    left = (canvas.width - columns * tile) // 2  # Whole points: no seams between tiles.
    for row, tiles in enumerate(FLOOR):
        for column, (draw, turns, front, back) in enumerate(tiles):
            with canvas.at(left + column * tile, row * tile, 0, tile / TILE):
                with canvas.inside(canvas.rect_path, 0, 0, TILE, TILE):
                    canvas.rect(-1, -1, TILE + 2, TILE + 2, back)
                    with canvas.at(24, 24, 90 * turns), canvas.at(-24, -24):
                        draw(canvas, front, back)


def draw_strip(canvas):
    canvas.paint(ESPRESSO)
    draw_floor(canvas, TILE)


def draw_hero(canvas):
    canvas.paint(ESPRESSO)
    draw_floor(canvas, canvas.height / 3)


def draw_mark(canvas, size, bean_color, leaf_color, gap):
    """Half a bean, half a leaf, around the origin."""
    half_long, half_short = size / 2, size * 0.37

    def side(upper):
        context = canvas.context
        bend = half_long * 0.42
        context.move_to(-size, 0)
        context.line_to(-half_long, 0)
        context.curve_to(-half_long * 0.4, -bend, half_long * 0.4, bend, half_long, 0)
        context.line_to(size, 0)
        context.line_to(size, -size if upper else size)
        context.line_to(-size, -size if upper else size)
        context.close_path()

    with canvas.at(0, 0, -50):
        with canvas.inside(side, True):
            canvas.oval(0, 0, half_long, half_short, bean_color)
        with canvas.inside(side, False):
            with canvas.at(-half_long, 0):
                canvas.leaf(size, size * 0.9, leaf_color)
        canvas.curve(
            (-half_long * 1.1, 0), (-half_long * 0.4, -half_long * 0.42),
            (half_long * 0.4, half_long * 0.42), (half_long * 1.1, 0), gap, size * 0.07,
        )


def draw_icon(canvas):
    canvas.paint(ESPRESSO)
    with canvas.at(19, 19):
        draw_mark(canvas, 29, CARAMEL, LEAF, ESPRESSO)


def draw_logo(canvas):
    canvas.disc(25, 25, 25, CREAM)
    with canvas.at(25, 25):
        draw_mark(canvas, 35, CLAY, FOREST, CREAM)


def draw_google_logo(canvas):
    canvas.paint(CREAM)
    with canvas.at(330, 330):
        draw_mark(canvas, 400, CLAY, FOREST, CREAM)


# File name: draw, width, height, scales, colours.
PICTURES = {
    "icon": (draw_icon, 38, 38, (1, 2, 3), 32),
    "logo": (draw_logo, 50, 50, (1, 2, 3), 32),
    "strip": (draw_strip, 375, 144, (1, 2, 3), 48),
    "google-logo": (draw_google_logo, 660, 660, (1,), 32),
    "google-hero": (draw_hero, 1032, 336, (1,), 48),
}
