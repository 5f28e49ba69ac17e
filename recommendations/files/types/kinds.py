"""The kinds of files that we store, and those that we never store."""

from django.utils.translation import gettext_lazy

OLE = {"application/x-ole-storage", "application/cdfv2", "application/vnd.ms-office"}
OFFICE = "application/vnd.openxmlformats-officedocument"
ODF = "application/vnd.oasis.opendocument"
PLAIN = "text/plain"
XML = ("application/xhtml+xml", "text/xml")
# What is noted of a file that is not what its name says: it is given out, and never looked into.
OPAQUE = "application/octet-stream"

# Extension -> (what people call it, the types that its content may be; the first is the one we note down).
ALLOWED = {
    "pdf": (gettext_lazy("PDF document"), ["application/pdf"]),
    "jpg": (gettext_lazy("JPEG image"), ["image/jpeg"]),
    "jpeg": (gettext_lazy("JPEG image"), ["image/jpeg"]),
    "png": (gettext_lazy("PNG image"), ["image/png"]),
    "gif": (gettext_lazy("GIF image"), ["image/gif"]),
    "webp": (gettext_lazy("WebP image"), ["image/webp"]),
    "tif": (gettext_lazy("TIFF image"), ["image/tiff"]),
    "tiff": (gettext_lazy("TIFF image"), ["image/tiff"]),
    "heic": (gettext_lazy("HEIC image"), ["image/heic", "image/heif"]),
    "mp3": (gettext_lazy("MP3 recording"), ["audio/mpeg"]),
    "wav": (gettext_lazy("WAV recording"), ["audio/x-wav", "audio/wav"]),
    "m4a": (gettext_lazy("M4A recording"), ["audio/x-m4a", "audio/mp4", "video/mp4", "video/3gpp"]),
    "ogg": (gettext_lazy("Ogg recording"), ["audio/ogg", "application/ogg", "video/ogg"]),
    "opus": (gettext_lazy("Opus recording"), ["audio/ogg", "application/ogg"]),
    "flac": (gettext_lazy("FLAC recording"), ["audio/flac", "audio/x-flac"]),
    "mp4": (gettext_lazy("MP4 video"), ["video/mp4", "video/x-m4v", "video/quicktime"]),
    "m4v": (gettext_lazy("MP4 video"), ["video/mp4", "video/x-m4v"]),
    "mov": (gettext_lazy("QuickTime video"), ["video/quicktime", "video/mp4"]),
    "3gp": (gettext_lazy("3GP video"), ["video/3gpp", "video/3gpp2", "video/mp4"]),
    "webm": (gettext_lazy("WebM video"), ["video/webm"]),
    "mkv": (gettext_lazy("Matroska video"), ["video/x-matroska", "video/matroska"]),
    "avi": (gettext_lazy("AVI video"), ["video/x-msvideo", "video/avi"]),
    "mpg": (gettext_lazy("MPEG video"), ["video/mpeg"]),
    "mpeg": (gettext_lazy("MPEG video"), ["video/mpeg"]),
    "txt": (gettext_lazy("Plain text"), [PLAIN]),
    "md": (gettext_lazy("Plain text"), [PLAIN]),
    "csv": (gettext_lazy("CSV table"), ["text/csv", "application/csv", PLAIN]),
    "eml": (gettext_lazy("E-mail message"), ["message/rfc822", PLAIN]),
    "rtf": (gettext_lazy("RTF document"), ["text/rtf", "application/rtf"]),
    "doc": (gettext_lazy("Word document"), ["application/msword", *OLE]),
    "xls": (gettext_lazy("Excel table"), ["application/vnd.ms-excel", *OLE]),
    "ppt": (gettext_lazy("PowerPoint slides"), ["application/vnd.ms-powerpoint", *OLE]),
    "docx": (gettext_lazy("Word document"), [f"{OFFICE}.wordprocessingml.document"]),
    "xlsx": (gettext_lazy("Excel table"), [f"{OFFICE}.spreadsheetml.sheet"]),
    "pptx": (gettext_lazy("PowerPoint slides"), [f"{OFFICE}.presentationml.presentation"]),
    "odt": (gettext_lazy("OpenDocument text"), [f"{ODF}.text"]),
    "ods": (gettext_lazy("OpenDocument table"), [f"{ODF}.spreadsheet"]),
    "odp": (gettext_lazy("OpenDocument slides"), [f"{ODF}.presentation"]),
    "hwp": (gettext_lazy("Hangul document"), ["application/x-hwp", *OLE]),
    "hwpx": (gettext_lazy("Hangul document"), ["application/hwp+zip"]),
    "zip": (gettext_lazy("ZIP archive"), ["application/zip"]),
    # Kept as the web gave them, and given out as attachments only: they can hold programs.
    "html": (gettext_lazy("Web page"), ["text/html", *XML]),
    "htm": (gettext_lazy("Web page"), ["text/html", *XML]),
    "svg": (gettext_lazy("SVG drawing"), ["image/svg+xml"]),
}
# Kinds that we have a name for; a file that is of one of them under the name of another is kept unseen.
KNOWN = {kind for _label, types in ALLOWED.values() for kind in types}
# Text that a computer may run as a program is not read as plain text.
RUNNABLE_TEXT = {"text/html", "text/x-shellscript", "text/x-msdos-batch", "text/javascript", "text/x-php"}
# Programs, and what Windows runs or mounts at a double click: refused by content, whatever the name.
NEVER = {
    "application/vnd.microsoft.portable-executable": gettext_lazy("a Windows program"),
    "application/x-dosexec": gettext_lazy("a Windows program"),
    "application/x-msdownload": gettext_lazy("a Windows program"),
    "application/x-msi": gettext_lazy("a Windows installer"),
    "application/x-executable": gettext_lazy("a program"),
    "application/x-sharedlib": gettext_lazy("a program"),
    "application/x-pie-executable": gettext_lazy("a program"),
    "application/x-object": gettext_lazy("a program"),
    "application/x-mach-binary": gettext_lazy("a program"),
    "application/x-java-applet": gettext_lazy("a program"),
    "application/java-archive": gettext_lazy("a program"),
    "application/vnd.android.package-archive": gettext_lazy("a program"),
    "application/x-ms-shortcut": gettext_lazy("a Windows shortcut, a common way to spread malware"),
    "application/x-mswinurl": gettext_lazy("an internet shortcut, a common way to spread malware"),
    "application/hta": gettext_lazy("a web page that runs as a program (HTA)"),
    "application/x-iso9660-image": gettext_lazy("a disk image"),
    "application/vnd.ms-htmlhelp": gettext_lazy("a Windows help file, which can contain programs"),
    "application/x-macro-document": gettext_lazy("an office document with macros, which are programs"),
    "text/x-shellscript": gettext_lazy("a script"),
    "text/x-msdos-batch": gettext_lazy("a script"),
    "text/javascript": gettext_lazy("a script"),
    "application/javascript": gettext_lazy("a script"),
    "text/x-php": gettext_lazy("a script"),
}
# The same by name, for what has no mark in its bytes: Windows goes by the extension alone.
NEVER_NAMED = {
    gettext_lazy("a program"): "exe com scr pif cpl dll sys jar apk app xll msi msp appx msix",
    gettext_lazy("a script"): "js jse mjs vbs vbe wsf wsh hta ps1 psm1 bat cmd sh php py reg inf sct",
    gettext_lazy("a shortcut, a common way to spread malware"): "lnk url scf website library-ms",
    gettext_lazy("a disk image"): "iso img vhd vhdx udf dmg",
    gettext_lazy("a Windows help file, which can contain programs"): "chm hlp",
    gettext_lazy("an office document with macros, which are programs"): "docm dotm xlsm xltm xlsb pptm potm",
}
NEVER_EXTENSIONS = {extension: what for what, said in NEVER_NAMED.items() for extension in said.split()}
OTHERWISE = {OPAQUE: gettext_lazy("data of an unknown kind")}
