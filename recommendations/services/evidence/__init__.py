"""Acts on evidence items: adding, describing, keeping, verifying and handing them over."""
