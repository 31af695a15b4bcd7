"""PNG files of few colours: small, and the same bytes for the same pixels."""

import struct
import zlib
from array import array
from collections import Counter

# A colour of at least one pixel in this many is no blended edge.
FLAT_SHARE = 300


def encode(surface, colors):
    """The bytes of a PNG of at most `colors` colours (2 to 256) that looks like `surface`.

    `surface` is a cairo ARGB32 image. Flat art has few colours but for the edges, where a few
    steps between two of them look like many.
    """
    width, height = surface.get_width(), surface.get_height()
    pixels = _pixels(surface, width, height)
    counts = Counter(pixels)
    palette = _palette(counts, colors)
    index = _nearest(counts, palette)
    rows = bytes(index[pixel] for pixel in pixels)
    depth = next(bits for bits in (1, 2, 4, 8) if len(palette) <= 1 << bits)
    lines = b"".join(
        b"\0" + _pack(rows[y * width : (y + 1) * width], depth) for y in range(height)
    )
    parts = [
        _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, 3, 0, 0, 0)),
        _chunk(b"sRGB", b"\0"),
        _chunk(b"PLTE", b"".join(bytes(color[:3]) for color in palette)),
    ]
    alphas = bytes(color[3] for color in palette).rstrip(b"\xff")
    if alphas:
        parts.append(_chunk(b"tRNS", alphas))
    parts += [_chunk(b"IDAT", _deflate(lines)), _chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def _pixels(surface, width, height):
    """Premultiplied 0xAARRGGBB, row by row."""
    surface.flush()
    stride = surface.get_stride()
    data = bytes(surface.get_data())
    return array(
        "I", b"".join(data[y * stride : y * stride + width * 4] for y in range(height))
    )


def _straight(pixel):
    """(red, green, blue, alpha) without premultiplication."""
    alpha = pixel >> 24
    if alpha == 0:
        return (0, 0, 0, 0)
    channels = [(pixel >> shift & 255) for shift in (16, 8, 0)]
    return tuple(min(255, (c * 255 + alpha // 2) // alpha) for c in channels) + (alpha,)


def _distance(one, other):
    # Colours that are hardly visible hardly differ.
    weight = max(one[3], other[3]) / 255
    red, green, blue = (one[i] - other[i] for i in range(3))
    alpha = one[3] - other[3]
    return (2 * red * red + 4 * green * green + 3 * blue * blue) * weight + 9 * alpha * alpha


def _palette(counts, colors):
    """The flat colours, then the frequent ones that lie apart; see-through ones come first."""
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    exact = list(dict.fromkeys(_straight(pixel) for pixel, _ in ordered))
    # What fills a visible part of the picture is meant, however close to its neighbours.
    least = sum(counts.values()) / FLAT_SHARE
    flat = list(dict.fromkeys(_straight(pixel) for pixel, count in ordered if count >= least))
    flat = flat[: colors // 2]
    chosen, apart = exact, 0
    while len(chosen) > colors:
        apart = apart * 1.5 + 40
        chosen = list(flat)
        for color in exact:
            if all(_distance(color, other) > apart for other in chosen):
                chosen.append(color)
                if len(chosen) > colors:
                    break
    return sorted(chosen, key=lambda color: (color[3], color))


def _nearest(counts, palette):
    nearest = {}
    for pixel in counts:
        color = _straight(pixel)
        nearest[pixel] = min(range(len(palette)), key=lambda i: _distance(color, palette[i]))
    return nearest


def _pack(row, depth):
    if depth == 8:
        return row
    per_byte = 8 // depth
    packed = bytearray()
    for start in range(0, len(row), per_byte):
        byte = 0
        for offset in range(per_byte):
            value = row[start + offset] if start + offset < len(row) else 0
            byte = byte << depth | value
        packed.append(byte)
    return bytes(packed)


def _deflate(data):
    """The smallest of what zlib's strategies make of it."""
    best = None
    for strategy in (zlib.Z_DEFAULT_STRATEGY, zlib.Z_FILTERED, zlib.Z_RLE):
        packer = zlib.compressobj(9, zlib.DEFLATED, 15, 9, strategy)
        packed = packer.compress(data) + packer.flush()
        if best is None or len(packed) < len(best):
            best = packed
    return best


def _chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
