"""Raw files to articles or rejections: pure functions, and the step that applies them."""
