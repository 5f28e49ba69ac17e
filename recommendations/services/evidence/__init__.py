"""Acts on evidence items: adding, describing, retention, verifying and handing them over."""
