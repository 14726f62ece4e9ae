// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ERC20} from '@openzeppelin/contracts/token/ERC20/ERC20.sol';
import {IERC20} from '@openzeppelin/contracts/token/ERC20/IERC20.sol';
import {IABLiquidityManager} from '../../../interfaces/IABLiquidityManager.sol';

/// @title Takes a fee on every transfer once it is switched on
contract FeeOnTransferToken is ERC20('Fee', 'FEE') {
    bool public charging;

    constructor() {
        _mint(msg.sender, 10 ** 30);
    }

    function setCharging(bool on) external {
        charging = on;
    }

    function _update(address from, address to, uint256 value) internal override {
        if (!charging || from == address(0)) return super._update(from, to, value);
        super._update(from, to, value - value / 100);
        super._update(from, address(0xFEE), value / 100);
    }
}

/// @title Changes every balance by itself
contract RebasingToken is ERC20('Rebase', 'REB') {
    uint256 public percent = 100;

    constructor() {
        _mint(msg.sender, 10 ** 30);
    }

    function rebase(uint256 newPercent) external {
        percent = newPercent;
    }

    function balanceOf(address account) public view override returns (uint256) {
        return (super.balanceOf(account) * percent) / 100;
    }
}

/// @title Says false instead of reverting once it is switched on, and moves nothing
contract FalseReturningToken is ERC20('False', 'FALSE') {
    bool public failing;

    constructor() {
        _mint(msg.sender, 10 ** 30);
    }

    function setFailing(bool on) external {
        failing = on;
    }

    function transfer(address to, uint256 value) public override returns (bool) {
        return failing ? false : super.transfer(to, value);
    }

    function transferFrom(address from, address to, uint256 value) public override returns (bool) {
        return failing ? false : super.transferFrom(from, to, value);
    }
}

/// @title Moves tokens and returns nothing, as some of the oldest tokens do
contract SilentToken {
    mapping(address => uint256) public balanceOf;
    mapping(address => mapping(address => uint256)) public allowance;

    constructor() {
        balanceOf[msg.sender] = 10 ** 30;
    }

    function approve(address spender, uint256 value) external {
        allowance[msg.sender][spender] = value;
    }

    function transfer(address to, uint256 value) external {
        _move(msg.sender, to, value);
    }

    function transferFrom(address from, address to, uint256 value) external {
        allowance[from][msg.sender] -= value;
        _move(from, to, value);
    }

    function _move(address from, address to, uint256 value) private {
        balanceOf[from] -= value;
        balanceOf[to] += value;
    }
}

/// @title Calls whoever it is told to in the middle of every transfer, and keeps what came of it
contract CallbackToken is ERC20('Callback', 'CALL') {
    address public target;
    bytes public data;
    bool public called;
    bytes public failure;

    constructor() {
        _mint(msg.sender, 10 ** 30);
    }

    function setCallback(address target_, bytes calldata data_) external {
        (target, data, called) = (target_, data_, false);
        delete failure;
    }

    function _update(address from, address to, uint256 value) internal override {
        super._update(from, to, value);
        if (target == address(0)) return;
        (bool success, bytes memory result) = target.call(data);
        called = true;
        if (!success) failure = result;
    }
}

/// @title Takes a hundredth more from whoever sends than it is told, once it is switched on
contract SenderFeeToken is ERC20('Sender fee', 'SFEE') {
    bool public charging;

    constructor() {
        _mint(msg.sender, 10 ** 30);
    }

    function setCharging(bool on) external {
        charging = on;
    }

    function _update(address from, address to, uint256 value) internal override {
        super._update(from, to, value);
        if (charging && from != address(0)) super._update(from, address(0xFEE), value / 100);
    }
}

/// @title Pays nobody once it is switched on: it reverts, or burns all gas that it is given
contract RefusingToken is ERC20('Refusing', 'REF') {
    bool public refusing;
    bool public burning;

    constructor() {
        _mint(msg.sender, 10 ** 30);
    }

    function setRefusing(bool refuses, bool burns) external {
        (refusing, burning) = (refuses, burns);
    }

    function _update(address from, address to, uint256 value) internal override {
        require(!refusing, 'not today');
        if (burning)
            assembly {
                invalid()
            }
        super._update(from, to, value);
    }
}

/// @title Tells a contract that receives it, as ERC-777 and ERC-1363 do
contract TellingToken is ERC20('Telling', 'TELL') {
    constructor() {
        _mint(msg.sender, 10 ** 30);
    }

    function _update(address from, address to, uint256 value) internal override {
        super._update(from, to, value);
        if (from == address(0) || to.code.length == 0) return;
        try PassingTrader(to).received() {} catch {}
    }
}

/// @title A contract that swaps, and passes on what it receives while it receives it
contract PassingTrader {
    address private immutable _owner = msg.sender;
    IERC20 private _passed;

    function swap(
        IABLiquidityManager manager,
        bytes32 poolId,
        IERC20 tokenIn,
        IERC20 tokenOut,
        uint256 amountIn
    ) external {
        tokenIn.approve(address(manager), amountIn);
        _passed = tokenOut;
        manager.swap(poolId, address(tokenIn), amountIn, 1, type(uint256).max);
    }

    function received() external {
        _passed.transfer(_owner, _passed.balanceOf(address(this)));
    }
}
