/**
 * Addresses that a provider routes to one host, such as a cloud: a slow and fallible thing, of
 * which each step is a state with a name. Enter at {@link org.vipmanager.provider.RouteDecision},
 * the pure decision; {@link org.vipmanager.provider.RouteController} carries it out, and {@link
 * org.vipmanager.provider.Provider} is what a further provider implements.
 */
@NullMarked
package org.vipmanager.provider;

import org.jspecify.annotations.NullMarked;
