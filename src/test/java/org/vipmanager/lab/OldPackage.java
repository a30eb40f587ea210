package org.vipmanager.lab;

import java.nio.file.Path;
import java.util.List;

/** What today's users of the known program have installed, as each package lays it out. */
enum OldPackage {
    /** Debian's first package, 1.0.2: variables by old names. */
    DEBIAN,
    /** Debian's package of 5.0.0. */
    DEBIAN2,
    /** The same, as an instance for one database cluster. */
    INSTANCE,
    /** The program's own release: a YAML file that belongs to the package, and no scripts. */
    CYBERTEC,
    CYBERTEC_RPM;

    /** The packages that can be had; the others are made when they are needed. */
    static Path folder() {
        return Servers.tree("package-old").getParent();
    }

    /** 1.0.2 asks etcd by a protocol that today's does not answer, and ends. */
    boolean holds() {
        return this != DEBIAN;
    }

    boolean isRpm() {
        return this == CYBERTEC_RPM;
    }

    String unit() {
        return this == INSTANCE ? "vip-manager@16-main.service" : "vip-manager.service";
    }

    /** Copies its unit file to where administrators have theirs; returns that path. */
    String writeUnit(InstalledSystem system) {
        String file = "/etc/systemd/system/" + unit().replaceFirst("@.*\\.", "@.");
        String copy =
                "dpkg-deb --fsys-tarfile /old/%s | tar -xO ./%slib/systemd/system/%s >" + file;
        switch (this) {
            case DEBIAN ->
                    system.run(
                            copy.formatted(
                                    "package-old/vip-manager.deb", "", "vip-manager.service"));
            case DEBIAN2 ->
                    system.run(
                            copy.formatted(
                                    "package-old2/vip-manager2.deb",
                                    "usr/",
                                    "vip-manager.service"));
            case INSTANCE ->
                    system.run(
                            copy.formatted(
                                    "package-old2/vip-manager2.deb",
                                    "usr/",
                                    "vip-manager@.service"));
            case CYBERTEC, CYBERTEC_RPM -> system.write(file, "644", UNIT_OF_RELEASE);
        }
        system.run("systemctl daemon-reload");
        return file;
    }

    /** Writes the configuration that its unit reads, as its users do, readable for root alone. */
    void configure(Lab lab, InstalledSystem system) {
        String text =
                switch (this) {
                    case CYBERTEC, CYBERTEC_RPM -> InstalledSystem.yaml(lab);
                    case DEBIAN, DEBIAN2, INSTANCE -> variables(lab);
                };
        system.run("mkdir -p $(dirname " + file() + ")");
        system.write(file(), "600", text);
    }

    private String file() {
        return switch (this) {
            case DEBIAN, DEBIAN2 -> "/etc/default/vip-manager";
            case INSTANCE -> "/etc/patroni/16-main.vip";
            case CYBERTEC, CYBERTEC_RPM -> "/etc/default/vip-manager.yml";
        };
    }

    /** Prints what must stay as it is. */
    String checksum() {
        return "sha256sum %1$s; stat -c '%%a %%U %%G %%Y' %1$s".formatted(file());
    }

    /** Installs it, configures it as its users do, and starts it. */
    void install(Lab lab, InstalledSystem system) {
        switch (this) {
            case DEBIAN ->
                    system.run("dpkg --force-depends --install /old/package-old/vip-manager.deb");
            case DEBIAN2, INSTANCE ->
                    system.run("dpkg --force-depends --install /old/package-old2/vip-manager2.deb");
            case CYBERTEC -> system.run(MAKE_RELEASE + "dpkg --install /release.deb");
            case CYBERTEC_RPM -> {
                Command.run(MAKE_RPM, List.of("sh", "-es", lab.memory("made").toString()));
                system.run("rpm --install --nodeps /made/release.rpm");
            }
        }
        // It was started without a configuration, and systemd tries that again and again.
        system.run("systemctl stop " + unit() + " || true");
        configure(lab, system);
        system.run(
                "systemctl daemon-reload; systemctl enable "
                        + unit()
                        + "; systemctl restart "
                        + unit());
    }

    /** As pg_createconfig_patroni writes them: by old and current names. */
    private static String variables(Lab lab) {
        return """
        VIP_IP="%1$s"
        VIP_MASK="24"
        VIP_NETMASK="24"
        VIP_IFACE="eth0"
        VIP_INTERFACE="eth0"
        VIP_KEY="%2$s"
        VIP_TRIGGER_KEY="%2$s"
        VIP_HOST="%3$s"
        VIP_TRIGGER_VALUE="%3$s"
        VIP_TYPE="etcd"
        VIP_DCS_TYPE="etcd"
        VIP_DCS_ENDPOINTS="%4$s"
        VIP_ENDPOINT="%4$s"
        """
                .formatted(
                        lab.vip().getHostAddress(), Lab.KEY, lab.host(1).name(), lab.endpoints());
    }

    /** The same as an RPM, made in that folder of this machine. */
    private static final String MAKE_RPM =
            """
            made=$1; work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
            cat >"$work/spec" <<'END'
            Name: vip-manager
            Version: 5.0.0
            Release: 1
            Summary: a release
            License: BSD
            Provides: vip-manager
            AutoReqProv: no
            %global __os_install_post %{nil}
            %description
            a release
            %install
            cp -a %{stage}/. %{buildroot}/
            mkdir -p %{buildroot}/lib/systemd/system
            mv %{buildroot}/usr/lib/systemd/system/vip-manager.service %{buildroot}/lib/systemd/system/
            %files
            /usr/bin/vip-manager
            /lib/systemd/system/vip-manager.service
            %config(noreplace) /etc/default/vip-manager.yml
            END
            mkdir -p "$work/stage/etc/default" "$work/stage/usr/bin" "$work/stage/usr/lib/systemd/system"
            cp OLD/package-old2/../vip-manager2/usr/bin/vip-manager "$work/stage/usr/bin/"
            echo '# the sample' >"$work/stage/etc/default/vip-manager.yml"
            printf '[Service]\\nExecStart=/usr/bin/vip-manager --config=/etc/default/vip-manager.yml\\n[Install]\\nWantedBy=multi-user.target\\n' \\
                >"$work/stage/usr/lib/systemd/system/vip-manager.service"
            rpmbuild -bb --quiet --define "_topdir $work/rpm" --define "stage $work/stage" --define "_rpmdir $made" \\
                --define '_rpmfilename release.rpm' "$work/spec"
            """
                    .replace("OLD", folder().toString());

    /** The unit of the program's own release. */
    private static final String UNIT_OF_RELEASE =
            """
            [Unit]
            Description=Manages Virtual IP for Patroni
            After=network-online.target
            Before=patroni.service
            [Service]
            Type=simple
            ExecStart=/usr/bin/vip-manager --config=/etc/default/vip-manager.yml
            Restart=on-failure
            [Install]
            WantedBy=multi-user.target
            """;

    /**
     * A package with the files of the program's own release: its program here is that of Debian's.
     */
    private static final String MAKE_RELEASE =
            """
            root=/release; rm -rf $root; mkdir -p $root/usr/bin $root/etc/default $root/lib/systemd/system $root/DEBIAN
            dpkg-deb --fsys-tarfile /old/package-old2/vip-manager2.deb | tar -x -C $root ./usr/bin/vip-manager
            echo '# the sample' >$root/etc/default/vip-manager.yml
            cat >$root/lib/systemd/system/vip-manager.service <<'END'
            UNIT
            END
            echo /etc/default/vip-manager.yml >$root/DEBIAN/conffiles
            printf '%s\\n' 'Package: vip-manager' 'Version: 5.0.0' 'Architecture: all' 'Maintainer: nobody <n@localhost>' \\
                'Provides: vip-manager' 'Description: a release' >$root/DEBIAN/control
            dpkg-deb --build $root /release.deb
            """
                    .replace("UNIT\n", UNIT_OF_RELEASE);
}
