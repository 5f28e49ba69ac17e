"""Briefs: what is published of recommendations, as a document to read, send and quote from.

``content`` says what stands in one, as plain words; ``pdf`` and ``word`` lay it out and add no word.
"""

from recommendations.exports.briefs.content import brief_of
from recommendations.exports.briefs.formats import FORMATS, Format
from recommendations.exports.briefs.shapes import Brief

__all__ = ["FORMATS", "Brief", "Format", "brief_of"]
