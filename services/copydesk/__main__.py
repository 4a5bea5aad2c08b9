"""`python -m copydesk` is `copydesk`."""

from copydesk.commands.app import main

if __name__ == "__main__":
    main()
