#!/bin/sh
# Makes sure of what the tests need from the machine: a Chromium that runs headless, a font with Chinese, and Poppler,
# which measures PDF files. Says nothing when all are there. TAIZHANG_CHROMIUM names a browser of your own choice.
set -eu

say() {
    printf '%s\n' "$@" >&2
}

# Ubuntu's chromium is a snap, or a stub that asks for one; neither runs where tests do.
usable() {
    path=$(command -v "$1" 2>/dev/null) || return 1
    case $(readlink -f "$path") in
        */snap | */snap/*) return 1 ;;
    esac
    "$path" --version </dev/null >/dev/null 2>&1
}

has_browser() {
    if [ -n "${TAIZHANG_CHROMIUM:-}" ]; then
        "$TAIZHANG_CHROMIUM" --version </dev/null >/dev/null 2>&1
        return
    fi
    for name in chromium chromium-browser google-chrome google-chrome-stable; do
        if usable "$name"; then
            return 0
        fi
    done
    return 1
}

has_font() {
    command -v fc-list >/dev/null 2>&1 && [ -n "$(fc-list :lang=zh family 2>/dev/null)" ]
}

has_poppler() {
    command -v pdftotext >/dev/null 2>&1 && command -v pdftoppm >/dev/null 2>&1
}

is_ubuntu() {
    [ -r /etc/os-release ] && grep -q '^ID=ubuntu$' /etc/os-release
}

missing_packages() {
    if ! has_browser && [ -z "${TAIZHANG_CHROMIUM:-}" ] && ! is_ubuntu; then
        echo chromium chromium-sandbox
    fi
    if ! has_font; then
        echo fontconfig fonts-noto-cjk
    fi
    if ! has_poppler; then
        echo poppler-utils
    fi
}

install_packages() {
    say "Installing for the tests: $*" "正在安装测试所需软件：$*"
    apt-get -qq update </dev/null &&
        DEBIAN_FRONTEND=noninteractive apt-get -qq -o Dpkg::Use-Pty=0 install -y --no-install-recommends "$@" \
            </dev/null >/dev/null
}

explain() {
    if ! has_browser; then
        if [ -n "${TAIZHANG_CHROMIUM:-}" ]; then
            say "TAIZHANG_CHROMIUM names $TAIZHANG_CHROMIUM, which does not run as a browser." \
                "TAIZHANG_CHROMIUM 指定的 $TAIZHANG_CHROMIUM 无法作为浏览器运行。"
        elif is_ubuntu; then
            say "The browser tests need Chromium, and Ubuntu's is a snap, which they cannot drive." \
                "Install Google Chrome from its .deb package, or set TAIZHANG_CHROMIUM to another Chromium." \
                "浏览器测试需要 Chromium，而 Ubuntu 自带的是 snap 版，无法使用。" \
                "请安装 Google Chrome 的 .deb 包，或用 TAIZHANG_CHROMIUM 指定其他 Chromium。"
        else
            say "The browser tests need Chromium. On Debian: sudo apt-get install chromium" \
                "Or set TAIZHANG_CHROMIUM to the browser's path." \
                "浏览器测试需要 Chromium。Debian 请运行：sudo apt-get install chromium" \
                "也可用 TAIZHANG_CHROMIUM 指定浏览器路径。"
        fi
    fi
    if ! has_font; then
        say "The browser tests need a Chinese font: sudo apt-get install fontconfig fonts-noto-cjk" \
            "浏览器测试需要中文字体：sudo apt-get install fontconfig fonts-noto-cjk"
    fi
    if ! has_poppler; then
        say "The tests of PDF files need Poppler: sudo apt-get install poppler-utils" \
            "PDF 测试需要 Poppler：sudo apt-get install poppler-utils"
    fi
}

packages=$(missing_packages)
if [ -n "$packages" ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    # shellcheck disable=SC2086 # one word for each package
    install_packages $packages || say "apt-get failed." "apt-get 执行失败。"
fi
if ! has_browser || ! has_font || ! has_poppler; then
    explain
    exit 1
fi
