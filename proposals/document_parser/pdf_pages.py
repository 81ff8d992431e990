"""Text and pictures of the pages of a PDF."""

from parser_output import MAX_PAGES, Refused

# Wide enough to read small print on a laptop.
PICTURE_WIDTH = 1100
PICTURE_MAX_HEIGHT = 4000
PICTURE_QUALITY = 70
GREY_TOLERANCE = 8
PDF_NEEDS_PASSWORD = 4  # FPDF_ERR_PASSWORD


def open_pdf(path):
    import pypdfium2

    try:
        pdf = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as problem:
        raise Refused("encrypted" if problem.err_code == PDF_NEEDS_PASSWORD else "damaged") from None
    if not len(pdf):
        raise Refused("no_pages")
    if len(pdf) > MAX_PAGES:
        raise Refused("too_many_pages")
    return pdf


def check_pdf(path):
    """The number of pages, after the first one could really be opened."""
    pdf = open_pdf(path)
    pdf[0].close()
    return len(pdf)


def read_pdf(path, directory, say):
    """One message and one picture for each page. A page that cannot be drawn keeps its text."""
    import pypdfium2

    pdf = open_pdf(path)
    for index in range(len(pdf)):
        text, picture = "", {}
        try:
            page = pdf[index]
        except pypdfium2.PdfiumError:
            say.page(index + 1)
            continue
        try:
            text = page_text(page)
            picture = page_picture(page, directory / f"{index + 1}.webp")
        except pypdfium2.PdfiumError:
            pass
        finally:
            page.close()
        say.page(index + 1, text=text, **picture)
    return len(pdf)


def page_text(page):
    from pypdfium2.raw import FPDFText_CountChars

    textpage = page.get_textpage()
    try:
        if FPDFText_CountChars(textpage) <= 0:
            return ""
        # U+FFFE stands where a word was divided at the end of a line.
        return textpage.get_text_bounded().replace("\r\n", "\n").replace("\r", "\n").replace("\ufffe", "")
    finally:
        textpage.close()


def page_picture(page, target):
    """Draws one page into `target`; {} for a page without an area."""
    width, height = page.get_size()
    if not (width > 0 and height > 0):
        return {}
    scale = min(PICTURE_WIDTH / width, PICTURE_MAX_HEIGHT / height)
    bitmap = page.render(scale=scale, may_draw_forms=False)
    picture = bitmap.to_pil().convert("RGB")
    bitmap.close()
    if is_grey(picture):
        picture = picture.convert("L")
    picture.save(target, "WEBP", quality=PICTURE_QUALITY, method=2)
    return {"picture": target.name, "width": picture.width, "height": picture.height}


def is_grey(picture):
    from PIL import ImageChops

    red, green, blue = picture.split()
    differences = (ImageChops.difference(red, green), ImageChops.difference(green, blue))
    return all(difference.getextrema()[1] <= GREY_TOLERANCE for difference in differences)
