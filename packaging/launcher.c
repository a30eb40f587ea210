/*
 * /usr/bin/vip-manager: hands over to ../lib/vip-manager/start, which starts Java.
 *
 * A program of its own, and not a script or a link, so that "setcap cap_net_admin,cap_net_raw+ep /usr/bin/vip-manager"
 * suffices for a start without root and without systemd. File capabilities of java itself would not do: the dynamic
 * loader then ignores $ORIGIN, by which java finds its libraries. So the capabilities of this file are made ambient,
 * which bash and java inherit.
 *
 * Whoever may execute a file with capabilities chooses its environment. As the kernel says so (AT_SECURE), only the
 * variables of the program itself are passed on, none that bash or Java would take code or options from.
 *
 * Without the compiler's own start files, which would ask for the C library of the machine that it was built on: what is
 * used here is in every one since 2.17.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/capability.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#define START "/lib/vip-manager/start"

static const char *const PASSED_ON[] = {
    "VIP_", "CONSUL_", "NOTIFY_SOCKET=", "WATCHDOG_PID=", "WATCHDOG_USEC=", "RUNTIME_DIRECTORY=",
    "CREDENTIALS_DIRECTORY=", "STATE_DIRECTORY=", "JOURNAL_STREAM=", "TZ=", "HCLOUD_TOKEN=", "HCLOUD_ENDPOINT=",
    "https_proxy=", "HTTPS_PROXY=", "no_proxy=", "NO_PROXY=", "SSL_CERT_FILE=",
};

static char safe_path[] = "PATH=/usr/sbin:/usr/bin:/sbin:/bin";

static void fail(const char *what) {
    static const char newline = '\n';
    (void)!write(STDERR_FILENO, "vip-manager: ", 13);
    (void)!write(STDERR_FILENO, what, strlen(what));
    (void)!write(STDERR_FILENO, &newline, 1);
    _exit(1);
}

static int is_passed_on(const char *variable) {
    for (size_t i = 0; i < sizeof PASSED_ON / sizeof *PASSED_ON; i++) {
        if (strncmp(variable, PASSED_ON[i], strlen(PASSED_ON[i])) == 0) {
            return 1;
        }
    }
    return 0;
}

/* In place; at least one variable goes, or there is room for PATH behind the last one's place. */
static char **only_passed_on(char **environment) {
    static char *none[] = {safe_path, NULL};
    char **kept = environment;
    if (*environment == NULL) {
        return none;
    }
    for (char **variable = environment; *variable != NULL; variable++) {
        if (is_passed_on(*variable)) {
            *kept++ = *variable;
        }
    }
    if (*kept == NULL) {
        return environment; /* nothing went: there is no PATH, and bash has a default */
    }
    *kept++ = safe_path;
    *kept = NULL;
    return environment;
}

/* Those of the two that this file was given. */
static void make_capabilities_ambient(void) {
    static const int wanted[] = {CAP_NET_ADMIN, CAP_NET_RAW};
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3];

    if (syscall(SYS_capget, &header, data) != 0) {
        fail("cannot read its capabilities");
    }
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        data[0].inheritable |= data[0].permitted & (1U << wanted[i]);
    }
    if (syscall(SYS_capset, &header, data) != 0) {
        fail("cannot make its capabilities inheritable");
    }
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        if ((data[0].permitted & (1U << wanted[i])) != 0
            && prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, wanted[i], 0, 0) != 0) {
            fail("cannot make its capabilities ambient");
        }
    }
}

/* The name of START in the folder above the one of this program. */
static const char *start_script(void) {
    static char path[4096 + sizeof START];
    ssize_t length = readlink("/proc/self/exe", path, 4096);
    if (length <= 0 || length == 4096) {
        fail("cannot find out where it is: is /proc mounted?");
    }
    path[length] = '\0';
    for (int level = 0; level < 2; level++) {
        char *slash = strrchr(path, '/');
        if (slash == NULL) {
            fail("is in no folder");
        }
        *slash = '\0';
    }
    return strcat(path, START);
}

/* What the kernel puts on the stack: the number of words, the words, NULL, the variables, NULL. */
__attribute__((noreturn, used)) static void begin(long *stack) {
    char **words = (char **)(stack + 1);
    char **environment = words + *stack + 1;
    const char *script = start_script();

    if (getauxval(AT_SECURE) != 0) {
        environment = only_passed_on(environment);
        make_capabilities_ambient();
    }
    execve(script, words, environment);
    fail(errno == ENOENT ? "../lib/vip-manager/start, or bash, is missing" : "cannot execute ../lib/vip-manager/start");
    __builtin_unreachable();
}

#if defined(__x86_64__)
__asm__(".globl _start\n_start:\n\txor %ebp, %ebp\n\tmov %rsp, %rdi\n\tand $-16, %rsp\n\tcall begin\n");
#elif defined(__aarch64__)
__asm__(".globl _start\n_start:\n\tmov x29, #0\n\tmov x30, #0\n\tmov x0, sp\n\tbl begin\n");
#else
#error "two instructions of this processor are missing here"
#endif
