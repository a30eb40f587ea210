MVN ?= mvn

.PHONY: format

# Rewrites the Java sources as the build wants them.
format:
	$(MVN) -q toolchains:select-jdk-toolchain@jdk dependency:copy@formatter exec:exec@format
