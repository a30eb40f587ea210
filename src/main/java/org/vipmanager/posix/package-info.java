/**
 * The few functions of the C library that the JDK does not offer. {@link org.vipmanager.posix.LibC}
 * is shaped like C, {@link org.vipmanager.posix.FfmLibC} is the only class that knows {@code
 * java.lang.foreign}, and {@link org.vipmanager.posix.NativeSocket} is what the adapters use. Enter
 * at {@link org.vipmanager.posix.NativeSocket}.
 */
@NullMarked
package org.vipmanager.posix;

import org.jspecify.annotations.NullMarked;
