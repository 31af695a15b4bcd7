"""ticket: Blue Hour, a night of jazz. A record, and the sound that runs off it."""

import math

NIGHT, VINYL, GROOVE, SHINE = "#2A1026", "#180A17", "#4A2142", "#7B4A6B"
CREAM, AMBER, ORANGE, CRIMSON, TEAL = "#FBE9CF", "#F6B23C", "#EE7B30", "#C8323F", "#1E7C83"

BANDS = (CRIMSON, ORANGE, AMBER, CREAM, TEAL)


def draw_record(canvas, radius):
    """Around the origin."""
    canvas.disc(0, 0, radius, VINYL)
    for i in range(5):
        canvas.ring(0, 0, radius * (0.92 - 0.1 * i), radius * 0.018, GROOVE)
    for start in (200, 20):
        for i in range(5):
            reach = radius * (0.92 - 0.1 * i)
            canvas.arc(0, 0, reach, start, start + 46, SHINE, radius * 0.022)
    canvas.disc(0, 0, radius * 0.4, AMBER)
    canvas.wedge(0, 0, radius * 0.4, 0, 180, ORANGE)
    canvas.disc(0, 0, radius * 0.07, NIGHT)


def draw_bands(canvas, reels, y, radius, width):
    """In at the top, round two records at (reels[i], y) along the floor, out at the top."""
    context = canvas.context
    for i, color in enumerate(BANDS):
        reach = radius + width * (i + 0.5)
        context.move_to(reels[0] - reach, -width)
        context.line_to(reels[0] - reach, y)
        context.arc_negative(reels[0], y, reach, math.pi, math.pi / 2)
        context.arc_negative(reels[1], y, reach, math.pi / 2, 0)
        context.line_to(reels[1] + reach, -width)
        canvas.stroke(color, width + 0.35)


def draw_keys(canvas, x, y, count, width, height):
    """Piano keys; the sharps as they lie within an octave."""
    for i in range(count):
        canvas.rect(x + i * width, y, width * 0.93, height, CREAM)
    for i in range(count):
        if i % 7 not in (2, 6):
            canvas.rect(x + (i + 0.68) * width, y, width * 0.56, height * 0.6, NIGHT)


def draw_strip(canvas):
    canvas.paint(NIGHT)
    reels = [92, 283]
    draw_bands(canvas, reels, 46, 51, 7.4)
    for x in reels:
        with canvas.at(x, 46):
            draw_record(canvas, 45)
    draw_keys(canvas, 149, -2, 7, 11, 52)


def draw_hero(canvas):
    canvas.paint(NIGHT)
    reels = [266, 766]
    draw_bands(canvas, reels, 110, 130, 16)
    for x in reels:
        with canvas.at(x, 110):
            draw_record(canvas, 114)
    draw_keys(canvas, 411, -4, 7, 30, 128)


def draw_mark(canvas, radius):
    draw_record(canvas, radius)


def draw_icon(canvas):
    canvas.paint(CRIMSON)
    with canvas.at(19, 19):
        draw_mark(canvas, 15)


def draw_logo(canvas):
    with canvas.at(25, 25):
        canvas.disc(0, 0, 25, CRIMSON)
        draw_mark(canvas, 20)


def draw_google_logo(canvas):
    canvas.paint(CRIMSON)
    with canvas.at(330, 330):
        draw_mark(canvas, 225)


PICTURES = {
    "icon": (draw_icon, 38, 38, (1, 2, 3), 32),
    "logo": (draw_logo, 50, 50, (1, 2, 3), 48),
    "strip": (draw_strip, 375, 144, (1, 2, 3), 64),
    "google-logo": (draw_google_logo, 660, 660, (1,), 48),
    "google-hero": (draw_hero, 1032, 336, (1,), 64),
}
