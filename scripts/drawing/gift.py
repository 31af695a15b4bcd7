"""gift: Paper Lantern, a gift shop. Lanterns over a night sky, with room for the balance."""

import random

NIGHT, DUSK, HAZE, STAR = "#1F1B4D", "#2B2666", "#383180", "#F6E3B4"
CORAL, AMBER, PINK, JADE = "#FF6F59", "#FFB545", "#FF8FB1", "#4FC3A1"
EMBER, HONEY, BERRY, POND = "#D94A3D", "#EB8F23", "#D95C8A", "#2E9A7E"
GLOW = "#FFE9B8"


def draw_round(canvas, radius, paper, fold):
    """A round lantern hanging from the origin."""
    canvas.rect(-radius * 0.28, 0, radius * 0.56, radius * 0.16, GLOW)
    with canvas.at(0, radius * 1.06):
        canvas.oval(0, 0, radius, radius * 0.92, paper)
        with canvas.inside(canvas.oval_path, 0, 0, radius, radius * 0.92):
            for share in (0.3, 0.64):
                canvas.context.save()
                canvas.oval_path(0, 0, radius * share, radius * 0.92)
                canvas.context.restore()
                canvas.stroke(fold, radius * 0.06)
            canvas.line([(0, -radius), (0, radius)], fold, radius * 0.06)
    canvas.rect(-radius * 0.28, radius * 1.92, radius * 0.56, radius * 0.16, GLOW)
    draw_tassel(canvas, radius * 2.08, radius * 0.62, GLOW)


def draw_barrel(canvas, radius, paper, fold):
    """A tall one with level folds."""
    width, height = radius * 0.78, radius * 2.1
    canvas.rect(-width * 0.5, 0, width, radius * 0.14, GLOW)

    def outline():
        context = canvas.context
        edge, belly = width * 0.6, width * 1.25
        context.move_to(-edge, radius * 0.14)
        context.curve_to(-belly, height * 0.3, -belly, height * 0.76, -edge, height)
        context.line_to(edge, height)
        context.curve_to(belly, height * 0.76, belly, height * 0.3, edge, radius * 0.14)
        context.close_path()

    outline()
    canvas.fill(paper)
    with canvas.inside(outline):
        for i in range(1, 7):
            y = radius * 0.14 + (height - radius * 0.14) * i / 7
            canvas.curve((-radius * 1.2, y - 2), (-width * 0.4, y + 2), (width * 0.4, y + 2),
                         (radius * 1.2, y - 2), fold, radius * 0.06)
    canvas.rect(-width * 0.5, height, width, radius * 0.14, GLOW)
    draw_tassel(canvas, height + radius * 0.14, radius * 0.6, GLOW)


def draw_diamond(canvas, radius, paper, fold):
    """A faceted one."""
    top, middle, bottom = 0, radius * 0.95, radius * 1.9
    left, right, near = -radius * 0.85, radius * 0.85, radius * 0.28
    canvas.polygon([(0, top), (right, middle), (0, bottom), (left, middle)], paper)
    canvas.polygon([(0, top), (-near, middle), (0, bottom), (left, middle)], fold)
    canvas.polygon([(0, top), (near, middle), (0, bottom), (-near, middle)], GLOW)
    draw_tassel(canvas, bottom, radius * 0.55, GLOW)


def draw_tassel(canvas, y, length, color):
    canvas.line([(0, y), (0, y + length)], color, length * 0.09)
    canvas.disc(0, y + length * 0.3, length * 0.13, color)
    for turn in (75, 90, 105):
        with canvas.at(0, y + length * 0.36, turn):
            canvas.leaf(length * 0.75, length * 0.16, color)


# x, length of the string, radius, what.
LANTERNS = [
    (196, 14, 10, draw_diamond, (PINK, BERRY)),
    (226, 44, 15, draw_barrel, (AMBER, HONEY)),
    (262, 16, 22, draw_round, (CORAL, EMBER)),
    (296, 74, 12, draw_diamond, (JADE, POND)),
    (321, 20, 20, draw_barrel, (PINK, BERRY)),
    (357, 46, 21, draw_round, (AMBER, HONEY)),
]


def draw_stars(canvas, seed, stars, clear):
    """Stars but where `clear` says that text stands."""
    dice = random.Random(seed)
    for _ in range(stars):
        x, y = dice.uniform(4, canvas.width - 4), dice.uniform(4, canvas.height - 4)
        size = dice.choice((0.7, 0.9, 0.9, 1.2, 3.4))
        if clear(x, y):
            continue
        with canvas.at(x, y):
            if size > 3:
                canvas.star(size, STAR, 4, 0.28)
            else:
                canvas.disc(0, 0, size, STAR)


def draw_moon(canvas, x, y, radius):
    for share, color in ((1, DUSK), (0.74, HAZE)):
        canvas.disc(x, y, radius * share, color)


def draw_lanterns(canvas, lanterns):
    for x, string, radius, draw, colors in lanterns:
        canvas.line([(x, -2), (x, string)], GLOW, 0.9)
        with canvas.at(x, string):
            draw(canvas, radius, *colors)


def draw_strip(canvas):
    canvas.paint(NIGHT)
    draw_moon(canvas, 296, 66, 104)
    draw_stars(canvas, 11, 70, lambda x, y: x < 184 and 20 < y < 118)
    draw_lanterns(canvas, LANTERNS)


def draw_hero(canvas):
    canvas.paint(NIGHT)
    draw_moon(canvas, 516, 168, 250)
    draw_stars(canvas, 5, 90, lambda x, y: False)
    row = LANTERNS + [
        (28, 30, 18, draw_barrel, (CORAL, EMBER)), (66, 12, 14, draw_round, (PINK, BERRY)),
        (98, 58, 12, draw_diamond, (AMBER, HONEY)), (132, 22, 20, draw_round, (JADE, POND)),
        (166, 62, 12, draw_barrel, (PINK, BERRY)), (392, 12, 13, draw_diamond, (CORAL, EMBER)),
        (424, 50, 16, draw_barrel, (JADE, POND)),
    ]
    with canvas.at(0, 0, 0, 2.28):
        draw_lanterns(canvas, row)


def draw_mark(canvas, radius, paper, fold):
    with canvas.at(0, -radius * 1.4):
        draw_round(canvas, radius, paper, fold)


def draw_icon(canvas):
    canvas.paint(NIGHT)
    with canvas.at(19, 19):
        draw_mark(canvas, 11.5, CORAL, EMBER)


def draw_logo(canvas):
    with canvas.at(25, 25):
        draw_mark(canvas, 17.5, CORAL, EMBER)


def draw_google_logo(canvas):
    canvas.paint(HAZE)
    with canvas.at(330, 330):
        draw_mark(canvas, 155, CORAL, EMBER)


PICTURES = {
    "icon": (draw_icon, 38, 38, (1, 2, 3), 48),
    "logo": (draw_logo, 50, 50, (1, 2, 3), 48),
    "strip": (draw_strip, 375, 144, (1, 2, 3), 64),
    "google-logo": (draw_google_logo, 660, 660, (1,), 48),
    "google-hero": (draw_hero, 1032, 336, (1,), 64),
}
