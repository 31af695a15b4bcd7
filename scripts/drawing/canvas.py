"""Shapes on a cairo context. Lengths are points; angles are degrees, clockwise from the right."""

import math
from contextlib import contextmanager

import cairo


class Canvas:
    """A picture of `width` x `height` points at `scale` pixels a point, transparent at first."""

    def __init__(self, width, height, scale=1):
        self.width, self.height = width, height
        self.surface = cairo.ImageSurface(
            cairo.FORMAT_ARGB32, round(width * scale), round(height * scale)
        )
        self.context = cairo.Context(self.surface)
        self.context.scale(scale, scale)
        self.context.set_line_cap(cairo.LINE_CAP_ROUND)
        self.context.set_line_join(cairo.LINE_JOIN_ROUND)

    # Where it is drawn.

    @contextmanager
    def at(self, x, y, turn=0, zoom=1):
        """Moves the origin, then turns and zooms, for what is drawn inside."""
        self.context.save()
        self.context.translate(x, y)
        self.context.rotate(math.radians(turn))
        self.context.scale(zoom, zoom)
        yield
        self.context.restore()

    @contextmanager
    def inside(self, draw_path, *arguments):
        """Cuts what is drawn inside to a path: canvas.inside(canvas.disc_path, 5, 5, 4)."""
        self.context.save()
        self.context.new_path()
        draw_path(*arguments)
        self.context.clip()
        yield
        self.context.restore()

    # Paths.

    def rect_path(self, x, y, width, height):
        self.context.rectangle(x, y, width, height)

    def disc_path(self, x, y, radius):
        self.context.new_sub_path()
        self.context.arc(x, y, radius, 0, 2 * math.pi)

    def oval_path(self, x, y, half_width, half_height):
        self.context.save()
        self.context.translate(x, y)
        self.context.scale(half_width, half_height)
        self.context.new_sub_path()
        self.context.arc(0, 0, 1, 0, 2 * math.pi)
        self.context.restore()

    def leaf_path(self, length, width):
        """A pointed leaf from the origin along x."""
        self.context.move_to(0, 0)
        self.context.curve_to(length * 0.25, -width * 0.67, length * 0.7, -width * 0.6, length, 0)
        self.context.curve_to(length * 0.7, width * 0.6, length * 0.25, width * 0.67, 0, 0)

    # Shapes.

    def fill(self, color):
        self.context.set_source_rgb(*rgb(color))
        self.context.fill()

    def stroke(self, color, width):
        self.context.set_source_rgb(*rgb(color))
        self.context.set_line_width(width)
        self.context.stroke()

    def paint(self, color):
        self.context.set_source_rgb(*rgb(color))
        self.context.paint()

    def rect(self, x, y, width, height, color):
        self.rect_path(x, y, width, height)
        self.fill(color)

    def disc(self, x, y, radius, color):
        self.disc_path(x, y, radius)
        self.fill(color)

    def ring(self, x, y, radius, width, color):
        self.disc_path(x, y, radius)
        self.stroke(color, width)

    def oval(self, x, y, half_width, half_height, color):
        self.oval_path(x, y, half_width, half_height)
        self.fill(color)

    def wedge(self, x, y, radius, start, end, color):
        self.context.move_to(x, y)
        self.context.arc(x, y, radius, math.radians(start), math.radians(end))
        self.context.close_path()
        self.fill(color)

    def arc(self, x, y, radius, start, end, color, width):
        self.context.new_sub_path()
        self.context.arc(x, y, radius, math.radians(start), math.radians(end))
        self.stroke(color, width)

    def polygon(self, points, color):
        for x, y in points:
            self.context.line_to(x, y)
        self.context.close_path()
        self.fill(color)

    def line(self, points, color, width):
        for x, y in points:
            self.context.line_to(x, y)
        self.stroke(color, width)

    def curve(self, start, first, second, end, color, width):
        self.context.move_to(*start)
        self.context.curve_to(*first, *second, *end)
        self.stroke(color, width)

    def leaf(self, length, width, color, rib=None):
        self.leaf_path(length, width)
        self.fill(color)
        if rib:
            self.line([(length * 0.12, 0), (length * 0.8, 0)], rib, width * 0.07)

    def petals(self, count, length, width, color, turn=0):
        """`count` leaves around the origin."""
        for i in range(count):
            with self.at(0, 0, turn + 360 / count * i):
                self.leaf(length, width, color)

    def star(self, radius, color, points=4, waist=0.3):
        corners = []
        for i in range(points * 2):
            reach = radius if i % 2 == 0 else radius * waist
            angle = math.pi * i / points - math.pi / 2
            corners.append((reach * math.cos(angle), reach * math.sin(angle)))
        self.polygon(corners, color)


def rgb(color):
    """"#3B2318" as cairo wants it."""
    return tuple(int(color[i : i + 2], 16) / 255 for i in (1, 3, 5))
