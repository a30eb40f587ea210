/** Tests of finding etcd by SRV records. */
package org.vipmanager.discovery;
