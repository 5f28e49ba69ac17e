"""Measures of colour: contrast as WCAG 2 counts it, and how far apart two hues are for each kind of sight."""

import re

HUES = ("grey", "vermilion", "near-black", "orange", "blue", "green")

# Machado, Oliveira and Fernandes 2009, severity 1.0, on linear RGB.
SIGHTS = {
    "full colour": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}


def tokens(path):
    """Return name -> (light, dark) of every ``light-dark()`` colour in a style sheet."""
    found = re.findall(r"--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)", path.read_text(encoding="utf-8"))
    return {name: (light, dark) for name, light, dark in found}


def linear(colour):
    """Return the linear red, green and blue (0 to 1) of ``#rrggbb``."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    return [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]


def contrast(one, other):
    """Return the contrast ratio of two colours, 1 to 21 (WCAG 2.2, relative luminance)."""
    lights = sorted(
        sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear(colour), strict=True))
        for colour in (one, other)
    )
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def seen(colour, sight):
    """Return the Oklab coordinates of a colour as a kind of sight sees it."""
    rgb = [
        min(1, max(0, sum(a * b for a, b in zip(row, linear(colour), strict=True)))) for row in SIGHTS[sight]
    ]
    cones = [
        sum(a * b for a, b in zip(row, rgb, strict=True)) ** (1 / 3)
        for row in (
            (0.4122214708, 0.5363325363, 0.0514459929),
            (0.2119034982, 0.6806995451, 0.1073969566),
            (0.0883024619, 0.2817188376, 0.6299787005),
        )
    ]
    return [
        sum(a * b for a, b in zip(row, cones, strict=True))
        for row in (
            (0.2104542553, 0.7936177850, -0.0040720468),
            (1.9779984951, -2.4285922050, 0.4505937099),
            (0.0259040371, 0.7827717662, -0.8086757660),
        )
    ]


def difference(one, other, sight):
    """Return the distance of two colours in Oklab times 100; about 2 is just noticeable."""
    pairs = zip(seen(one, sight), seen(other, sight), strict=True)
    return 100 * sum((a - b) ** 2 for a, b in pairs) ** 0.5
