# Everything a person or a build server runs here. `make help` lists it.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
WORKFLOWS := .github/workflows
ACTIONS := .github/actions
PIP := $(BIN)/python -m pip -qq --disable-pip-version-check --no-input

# What `make pins` hands to pip-compile. Empty keeps the versions that still fit: make pins PINS=
PINS ?= --upgrade
PIP_COMPILE = $(BIN)/pip-compile --quiet --no-config --generate-hashes --allow-unsafe --strip-extras \
	--no-header --no-emit-options --no-emit-index-url --no-emit-find-links --no-emit-trusted-host \
	--newline=lf $(PINS)
PROJECT = --build-deps-for=editable pyproject.toml
FONTS = import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["project"]["optional-dependencies"]["fonts"])

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help site internal serve check test lint bench mutants pins clean

help: ## List these targets / 列出全部命令
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s  %s\n", $$1, $$2 }' Makefile

site: $(VENV)/.site ## Build the site into build/site / 生成网站
	@$(BIN)/taizhang build

internal: $(VENV)/.site ## Build the internal edition into build/internal/site / 生成内部版网站（不得公开）
	@$(BIN)/taizhang build --edition internal

serve: $(VENV)/.site ## Show the site and rebuild it on change / 本机预览网站
	@$(BIN)/taizhang serve

check: $(VENV)/.site ## Check all records, and the last commit against BASE (origin/main) / 检查填报
	@$(BIN)/taizhang check
	@sh hooks/check-change HEAD $(BASE)

test: $(VENV)/.dev ## Run the tests; choose some with ARGS="-k name" / 运行测试
	@sh tests/install-browser.sh
	@$(BIN)/pytest $(ARGS)

lint: $(VENV)/.dev ## Style, types, layers and workflows / 代码与流程检查
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy $(wildcard generator bench)
	$(BIN)/lint-imports --no-logo
	$(BIN)/zizmor --quiet --no-progress --pedantic --offline $(WORKFLOWS) $(ACTIONS)
	$(BIN)/actionlint -shellcheck= -pyflakes= $(wildcard $(WORKFLOWS)/*.yml)

bench: $(VENV)/.dev ## Measure, with ARGS for python -m bench / 性能测量
	@$(BIN)/python -m bench $(ARGS)

mutants: $(VENV)/.dev ## Make known mistakes that tests must notice; ARGS="--room gate" / 变异测试
	@$(BIN)/python -m bench.mutants $(ARGS)

# Python 3.11 needs the most packages, so its list serves the newer versions too. Best made with
# Debian 12's own 3.11.2, which some packages no longer take.
pins: $(VENV)/.dev ## Refresh the lists in requirements/ / 更新依赖版本
	@$(BIN)/python -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' || { \
		echo 'make pins needs a .venv of Python 3.11: run "rm -r $(VENV)", then "make pins PYTHON=python3.11".' >&2; exit 1; }
	@echo 'Choosing versions (a minute or two) ...'
	@$(PIP_COMPILE) -c requirements/constraints.in -o requirements/site.txt $(PROJECT)
	@$(PIP_COMPILE) --extra dev --extra fonts -c requirements/site.txt -o requirements/dev.txt $(PROJECT)
	@$(BIN)/python -c '$(FONTS)' | $(PIP_COMPILE) -c requirements/dev.txt -o requirements/fonts.txt -
	@for list in requirements/*.txt; do \
		{ echo '# Made from pyproject.toml; refresh with: make pins'; cat $$list; } > $$list.new && mv $$list.new $$list || exit 1; \
	done

clean: ## Remove what was built, but not .venv / 删除生成的文件
	rm -rf build dist *.egg-info .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find generator tests bench -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true

# .venv is good only while .made stands: it is absent while packages go in, so a broken-off
# install is not taken for a whole one, and everything is made anew.
ifneq ($(shell test -f $(VENV)/.made && $(BIN)/python -c '' 2>/dev/null && echo good),good)
.PHONY: $(VENV)/.made $(VENV)/.site $(VENV)/.dev
endif

define install
@echo 'Installing the packages of $(1) into $(VENV) ...'
@rm -f $(VENV)/.made
@$(PIP) install --require-hashes -r $(1)
@$(PIP) install --no-deps --no-build-isolation -e .
@touch $(VENV)/.made $@
endef

# Where apt-get may be run: by root, on Debian and its like.
may-apt-get = [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null
apt-get-install = apt-get -qq update </dev/null && \
	DEBIAN_FRONTEND=noninteractive apt-get -qq -o Dpkg::Use-Pty=0 install -y $(1) </dev/null >/dev/null

# Without a Chinese font the bulletins have no PDF, and that is all: so nothing here stops the build.
define chinese-font
@$(BIN)/python -c 'import sys; from taizhang.documents.fonts import fonts_on; sys.exit(fonts_on() is None)' || { \
	if $(may-apt-get); then \
		echo 'No Chinese font for PDF files: installing the Debian package fonts-noto-cjk / 没有中文字体，正在安装 fonts-noto-cjk ...'; \
		$(call apt-get-install,fonts-noto-cjk); \
	else \
		echo 'No Chinese font for PDF files: installing the Python package of taizhang[fonts] / 没有中文字体，正在安装字体包 ...'; \
		$(PIP) install --require-hashes -r requirements/fonts.txt; \
	fi || true; }
endef

$(VENV)/.site: requirements/site.txt pyproject.toml | $(VENV)/.made
	$(call install,requirements/site.txt)
	$(chinese-font)

$(VENV)/.dev: requirements/dev.txt pyproject.toml | $(VENV)/.made
	$(call install,requirements/dev.txt)

$(VENV)/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo 'Taizhang needs Python 3.11 or newer; "$(PYTHON)" is not: name another with "make PYTHON=python3.12 ...".' >&2; \
		echo '台账需要 Python 3.11 或更高版本，“$(PYTHON)”不符合，请用“make PYTHON=python3.12 …”指定。' >&2; exit 1; }
	@echo 'Making $(VENV) with $(PYTHON) ...'
	@rm -rf $(VENV)
	@if ! $(PYTHON) -c 'import ensurepip, venv' 2>/dev/null && $(may-apt-get); then \
		echo 'Installing the Debian package python3-venv ...'; \
		$(call apt-get-install,python3-venv) || true; \
	fi
	@$(PYTHON) -m venv $(VENV) >/dev/null || { \
		rm -rf $(VENV); \
		echo 'Python cannot make a virtual environment here. On Debian or Ubuntu: sudo apt-get install python3-venv' >&2; \
		echo '无法创建 Python 虚拟环境。Debian 或 Ubuntu 请先运行：sudo apt-get install python3-venv' >&2; exit 1; }
	@touch $@
