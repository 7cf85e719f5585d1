"""Debian's Chromium, with the fonts of the machine."""

import os
import shutil

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


def launch(playwright):
    environment = {k: v for k, v in os.environ.items() if k != "FONTCONFIG_FILE"}
    return playwright.chromium.launch(
        executable_path=shutil.which("chromium"), args=FLAGS, env=environment
    )
