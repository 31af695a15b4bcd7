"""vip: Velvet Row, a boutique. Fans of art deco; each tier has its own metal and more of them."""

from collections import namedtuple

# night: behind all. velvet: a plain fan. line: its ribs. metal, shine: a fan that is earned.
# reach: row -> how far from the middle its fans are earned, in radii.
Tier = namedtuple("Tier", "night velvet line metal shine reach")

TIERS = {
    "start": Tier("#15161B", "#1E2129", "#5C6474", "#2C313D", "#7C879B", {}),
    "silver": Tier("#15171C", "#1F242C", "#7F8B9B", "#AEB9C6", "#F2F5F8", {3: 2}),
    "gold": Tier("#17120B", "#231B10", "#9C7631", "#D9A93F", "#FBE6AE", {3: 4, 5: 2}),
    "vip": Tier("#160A22", "#260F3A", "#7F4BA8", "#B65BCB", "#FFDDF0", {1: 8, 3: 6, 5: 4, 7: 2}),
}
RIBS = (0.84, 0.64, 0.44, 0.24)


def draw_fan(canvas, radius, tier, earned):
    """A fan standing on the origin; what is below is covered by the next row."""
    canvas.disc(0, 0, radius, tier.night)
    canvas.disc(0, 0, radius * 0.95, tier.metal if earned else tier.velvet)
    if earned:
        for i in range(15):
            start = 180 + 12 * i + 3
            canvas.wedge(0, 0, radius * 0.95, start, start + 6, tier.shine)
        canvas.disc(0, 0, radius * 0.42, tier.night)
        canvas.disc(0, 0, radius * 0.34, tier.shine)
        canvas.disc(0, 0, radius * 0.2, tier.metal)
        return
    for rib in RIBS:
        canvas.ring(0, 0, radius * rib, radius * 0.035, tier.line)
    canvas.disc(0, 0, radius * 0.1, tier.line)


def draw_fans(canvas, tier, radius, top):
    """Rows of fans like scales, from the top down, symmetric about the middle."""
    canvas.paint(tier.night)
    rows = int(canvas.height / radius * 2) + 3
    across = int(canvas.width / radius / 4) + 2
    for row in range(rows):
        shift = radius if row % 2 else 0
        for column in range(-across, across + 1):
            x = canvas.width / 2 + column * 2 * radius + shift
            y = top + row * radius * 0.5
            steps = abs(x - canvas.width / 2) / radius
            with canvas.at(x, y):
                draw_fan(canvas, radius, tier, steps < tier.reach.get(row, 0))


def strip(name):
    return lambda canvas: draw_fans(canvas, TIERS[name], 36, 0)


def hero(name):
    return lambda canvas: draw_fans(canvas, TIERS[name], 86, 0)


def draw_mark(canvas, radius, color, ground):
    """An open fan around the origin."""
    with canvas.at(0, radius * 0.5):
        for i in range(9):
            start = 180 + 20 * i + 2.5
            canvas.wedge(0, 0, radius, start, start + 15, color)
        canvas.disc(0, 0, radius * 0.36, ground)
        canvas.wedge(0, 0, radius * 0.28, 180, 360, color)


def draw_icon(canvas):
    canvas.paint("#15161B")
    with canvas.at(19, 19):
        draw_mark(canvas, 15, "#D9B15C", "#15161B")


def draw_logo(canvas):
    canvas.disc(25, 25, 25, "#D9B15C")
    with canvas.at(25, 24.5):
        draw_mark(canvas, 17.5, "#15161B", "#D9B15C")


def draw_google_logo(canvas):
    canvas.paint("#D9B15C")
    with canvas.at(330, 330):
        draw_mark(canvas, 210, "#15161B", "#D9B15C")


PICTURES = {
    "icon": (draw_icon, 38, 38, (1, 2, 3), 16),
    "logo": (draw_logo, 50, 50, (1, 2, 3), 16),
    "google-logo": (draw_google_logo, 660, 660, (1,), 16),
}
for _tier in TIERS:
    _suffix = "" if _tier == "start" else "-" + _tier
    PICTURES["strip" + _suffix] = (strip(_tier), 375, 144, (1, 2, 3), 32)
    PICTURES["google-hero" + _suffix] = (hero(_tier), 1032, 336, (1,), 32)
