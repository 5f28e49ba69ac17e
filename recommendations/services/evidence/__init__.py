"""Acts on evidence items: adding, describing, removing, verifying and exporting them."""
