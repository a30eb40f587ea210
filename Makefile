# For people. Everything is built by Maven (pom.xml); these are the ways in.

PREFIX ?= /usr
SYSCONFDIR ?= /etc
MVN ?= mvn
SEEDS ?= 100000
START ?= 20000
HOURS ?= 1
export MVN

.PHONY: image demo bench bench-http jmh compare container test test-browser test-busy test-container test-migration test-nobody test-packages test-patroni test-prometheus test-reproducible test-sandbox simulate hostile mutation package install format docs clean

# target/image: runs without Java being installed, by target/image/bin/vip-manager.
# Trained with a real etcd where one can be had: it starts faster then.
image:
	@build/setup
	@build/fetch-servers etcd-3.5 >/dev/null || true
	@$(MVN) -q package -DskipTests

# A minute of failovers to look at. make demo ARGS=--keep leaves it running, ARGS=--patroni shows a real Patroni cluster.
demo:
	@build/setup lab $(if $(findstring --patroni,$(ARGS)),database)
	@build/fetch-servers etcd-3.5 vip-manager2 $(if $(findstring --patroni,$(ARGS)),patroni-3 patroni-python)
	@build/lab Demo $(ARGS)

# Failovers, starts, memory and processor beside those of vip-manager 5.0.0, in turns: writes docs/benchmarks.md, docs/scale.md and the faults of docs/measurements.md. Half an hour.
# Parts of it again: make bench ARGS="--parts=etcd,consul --failovers=60"; a part of no such name tells which there are.
bench:
	@build/setup lab
	@build/fetch-servers etcd-3.5 consul keepalived vip-manager2
	@build/lab Bench $(ARGS)
	$(if $(findstring --parts,$(ARGS)),,@build/jmh)

# What http-listen costs: failovers and memory without it, with it, and under load, in one run.
bench-http:
	@build/setup lab
	@build/fetch-servers etcd-3.5
	@build/lab HttpBench

# How long a step of the decision and the messages of the kernel and the wire take, into docs/scale.md: a minute.
# ARGS="-f 1 Arp" is for JMH, and writes nothing.
jmh:
	@build/setup
	@build/jmh $(ARGS)

# Which scenarios of the laboratory ours stands, and which vip-manager 5.0.0: target/lab-comparison.md. Half an hour.
compare:
	@build/setup lab
	@build/fetch-servers
	@build/compare $(ARGS)

# All tests, and whether those of the decisions notice wrong ones. As root, or where users may create namespaces, the live
# ones too. With ARGS for Maven, such as ARGS="-Dit.test=FailoverLiveIT", only the tests.
test:
	@build/setup lab
	@build/fetch-servers
	@build/test $(or $(ARGS),-Pmutation)

# What followers cost one etcd, and how soon all of them hear of a change: that part of "make bench". ARGS=--followers=10,100
.PHONY: bench-fleet
bench-fleet:
	@build/setup lab
	@build/fetch-servers etcd-3.5 vip-manager2
	@build/lab Bench --parts=followers $(ARGS)

# A live test ten times, while all processors are busy and without a second try: make test-busy TEST=InterfaceLiveIT TIMES=10
test-busy:
	@build/setup lab
	@build/fetch-servers
	@build/test-busy '$(TEST)' $(or $(TIMES),10)

# The laboratory's scenarios with the daemons as user nobody, who has the two capabilities.
test-nobody:
	@build/setup lab
	@build/fetch-servers
	@build/test -Dtest=NoUnitTest -Dsurefire.failIfNoSpecifiedTests=false -Dlab.nobody=true $(or $(ARGS),-Dlab.floor=80 '-Dit.test=org/vipmanager/lab/*LiveIT') \
		-Dfailsafe.failIfNoSpecifiedTests=false

# The packages on Debian 12 and 13 that their own systemd has booted, as root: five minutes, after "make package".
test-packages:
	@build/setup lab
	@build/setup packages
	@build/fetch-servers etcd-3.5 vip-manager2 package-bookworm package-trixie package-old package-old2
	@test -e target/packages/checksums.txt || $(MAKE) --no-print-directory package
	@! command -v lintian >/dev/null || lintian --fail-on error,warning --allow-root target/packages/*.deb
	@! command -v rpmlint >/dev/null || rpmlint --config packaging/rpm/rpmlint.toml target/packages/*.rpm
	@build/test -DskipImage -Dlab.floor=22 -Dtest=NoUnitTest -Dsurefire.failIfNoSpecifiedTests=false '-Dit.test=PackagesIT,UnitsIT,FiguresIT' -Dfailsafe.failIfNoSpecifiedTests=false $(ARGS)

# A real cluster, PostgreSQL and Patroni, with every kind of DCS through every event, and what waiting clients learn of
# it: twenty minutes.
# make test-patroni ARGS="-Dpatroni.asked=ETCD -Dpatroni.events=SWITCHOVER -Dpatroni.tree=patroni"
test-patroni:
	@build/setup lab database
	@build/fetch-servers
	@build/test -Dtest=NoUnitTest -Dsurefire.failIfNoSpecifiedTests=false -Dit.test='PatroniClusterIT,PatroniConnectionsIT' -Dfailsafe.failIfNoSpecifiedTests=false $(ARGS)

# The page for people in a real browser, during a failover: two minutes. WRITE_DOCS=yes takes the pictures in docs anew.
test-browser:
	@build/setup lab
	@build/setup browser
	@build/fetch-servers etcd-3.5 axe-core
	@build/test -Dtest=NoUnitTest -Dsurefire.failIfNoSpecifiedTests=false -Dlab.floor=1 -Dit.test=BrowserIT -Dfailsafe.failIfNoSpecifiedTests=false $(ARGS)

# Debian's Prometheus scrapes a failover: every query of the dashboard, every alert rule, and alerts that fire. Two minutes.
test-prometheus:
	@build/setup lab
	@build/fetch-servers etcd-3.5 patroni prometheus
	@build/test -Dtest=NoUnitTest -Dsurefire.failIfNoSpecifiedTests=false -Dit.test=PrometheusIT -Dfailsafe.failIfNoSpecifiedTests=false $(ARGS)

# Many hours of failovers and faults in simulated time: make simulate SEEDS=1000000 START=20000, or SEED=42 for the
# story of one.
simulate:
	@build/setup
	@$(MVN) -B -ntp -q test -Dtest=SimulationTest -Dsimulation.seeds=$(SEEDS) -Dsimulation.start=$(START) \
		$(if $(SEED),-Dsimulation.seed=$(SEED)) $(ARGS)

# Peers that are broken in every way, each kind for that long: make hostile HOURS=1, or SEED=42 for one answer alone.
hostile:
	@build/setup
	@$(MVN) -B -ntp -q test -Dtest='org/vipmanager/hostile/*Test' -Dhostile.seconds=$$(($(HOURS) * 3600)) \
		$(if $(SEED),-Dhostile.seed=$(SEED)) $(ARGS)

# Do the tests notice when a decision is wrong?
mutation:
	@build/setup
	$(MVN) -B -ntp process-test-classes org.pitest:pitest-maven:mutationCoverage@core \
		org.pitest:pitest-maven:mutationCoverage@provider -Pmutation $(ARGS)

# target/packages: .deb, .rpm, .tar.gz, .zip, their checksums and what they consist of (CycloneDX).
package:
	@build/setup packages
	@$(MAKE) --no-print-directory image
	@build/package

# target/container: an OCI archive of the image and what it needs of Debian.
container:
	@build/setup lab
	@build/fetch-servers container
	@$(MAKE) --no-print-directory image
	@build/container

# That archive in podman, where the kernel runs containers; why not is told.
test-container: container
	@build/fetch-servers etcd-3.5 podman
	@build/test -DskipImage -Dlab.floor=1 -Dtest=NoUnitTest -Dsurefire.failIfNoSpecifiedTests=false -Dit.test=ContainerIT -Dfailsafe.failIfNoSpecifiedTests=false $(ARGS)

# Two builds give the same bytes, but for the AOT cache.
test-reproducible:
	@build/setup packages
	@build/reproducible

# The known program replaced host by host, in every order, with a failover in each step, and back.
test-migration:
	@build/setup lab
	@build/fetch-servers etcd-3.5 vip-manager2
	@build/test -Dlab.floor=1 -Dtest=NoUnitTest -Dsurefire.failIfNoSpecifiedTests=false -Dit.test=MigrationIT -Dfailsafe.failIfNoSpecifiedTests=false $(ARGS)

# The laboratory's scenarios with the daemons in exactly the sandbox of the shipped unit, made by the systemd of Debian 13.
# Not those that hand over a folder in systemd's place.
SANDBOXED = FailoverLiveIT,PartitionLiveIT,SignalLiveIT,RestartLiveIT,ReloadLiveIT,StopLiveIT,AccessLiveIT,InterfaceLiveIT,!StopLiveIT\#afterAStop*
test-sandbox:
	@build/setup lab
	@build/fetch-servers etcd-3.5 etcd-3.4 consul package-trixie
	@build/test -Dlab.floor=20 -Dtest=NoUnitTest -Dsurefire.failIfNoSpecifiedTests=false -Dlab.sandbox=package-trixie '-Dit.test=$(SANDBOXED)' \
		-Dfailsafe.failIfNoSpecifiedTests=false $(ARGS)

install:
	@test -x target/image/bin/vip-manager || $(MAKE) image
	@build/install '$(DESTDIR)' '$(PREFIX)' '$(SYSCONFDIR)'

# Rewrites the Java sources as the build wants them.
format:
	@build/setup
	@$(MVN) -q toolchains:select-jdk-toolchain@jdk dependency:copy@formatter exec:exec@format

# Writes what is told about the settings anew from their table: README.md, packaging/ and docs/migrating.md.
docs:
	@build/setup
	@WRITE_DOCS=yes $(MVN) -q test -Dtest=GeneratedFilesTest

clean:
	rm -rf target
