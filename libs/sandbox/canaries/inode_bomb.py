"""Empty files without end: no size limit counts them."""
number = 0
while number < 5_000_000:
    try:
        open(f"/work/{number}", "w").close()
    except OSError:
        break
    number += 1
print("files", number)
