"""Names that begin with a small letter and may open a sentence."""

# Brands and people whose shape (capital, digit or point inside) does not give them away.
LOWERCASE_NAMES = frozenset(
    """
    adidas ecobee zlib vivo realme bell danah deadmau skullcandy thefacebook bitly tumblr craigslist
    flickr reddit imgur npm curl nginx systemd numpy pandas ggplot git grep ffmpeg bash vim
    etsy asos boohoo amazon facebook twitter xkcd
    """.split()
)
