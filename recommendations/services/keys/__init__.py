"""Acts on the keys that open evidence, and on the officers who hold keys of their own."""
