"""``python -m docs.reference``: write the generated pages anew."""

from docs.reference import FOLDER, PAGES, page

if __name__ == "__main__":
    for name in PAGES:
        (FOLDER / f"{name}.md").write_text(page(name), "utf-8")
