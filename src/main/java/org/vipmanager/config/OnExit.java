package org.vipmanager.config;

/** What happens to the address when the daemon is asked to stop. */
public enum OnExit {
    /** It is removed. */
    RELEASE,
    /** It is left to the kernel's lifetime, so that the next start can adopt it. */
    KEEP
}
